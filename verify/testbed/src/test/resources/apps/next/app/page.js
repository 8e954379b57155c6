import Counter from './counter'

export default function Page() {
  return (
    <main>
      <h1>Hello from Next</h1>
      <Counter />
    </main>
  )
}
