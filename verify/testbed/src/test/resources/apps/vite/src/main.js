import { heading } from './heading.js'

const title = document.createElement('h1')
title.textContent = heading
const counter = document.createElement('button')
let count = 0
const show = () => (counter.textContent = `count is ${count}`)
counter.onclick = () => {
  count++
  show()
}
show()
document.querySelector('#app').append(title, counter)

import.meta.hot?.accept('./heading.js', (changed) => (title.textContent = changed?.heading))
