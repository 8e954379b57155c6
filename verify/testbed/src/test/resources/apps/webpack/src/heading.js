export const heading = 'Hello from webpack'
