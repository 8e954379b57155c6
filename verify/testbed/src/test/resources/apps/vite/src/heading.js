export const heading = 'Hello from Vite'
