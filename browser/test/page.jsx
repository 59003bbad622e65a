import { StrictMode, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { useSSE } from '../use-sse.js'

function Events({ name, user, group, options }) {
    const { data, isConnected } = useSSE(user, group, options)
    return <p id={name}>{JSON.stringify({ data, isConnected })}</p>
}

function App() {
    const [parts, setParts] = useState([])
    window.show = setParts
    return parts.map(part => <Events key={part.name} {...part} />)
}

createRoot(document.getElementById('root')).render(<StrictMode><App /></StrictMode>)
