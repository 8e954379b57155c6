const [url, ...pairs] = process.argv.slice(2)
const headers = Object.fromEntries(pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
fetch(url, { headers, signal: AbortSignal.timeout(20000) })
  .then(async answer => {
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
    process.stdout.write(await answer.text())
  })
  .catch(error => {
    console.error(error.message, error.cause?.message ?? '')
    process.exit(1)
  })
