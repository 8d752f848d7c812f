import Glibc
import Support

/// A server on 127.0.0.1 that treats each connection with a script, on a thread of its own.
final class ScriptedServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let state = Lock((accepted: 0, open: [Int32]()))

    var url: String { "http://127.0.0.1:\(port)/" }
    var acceptedConnections: Int { state.withLock { $0.accepted } }

    /// `script` gets the connection and its number, from 1; the connection is closed after it.
    init(_ script: @escaping @Sendable (ScriptedConnection, Int) -> Void) {
        let (listener, port) = Self.listen()
        self.listener = listener
        self.port = port
        startThread { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                let number = state.withLock { state in
                    state.accepted += 1
                    state.open.append(descriptor)
                    return state.accepted
                }
                startThread { [self] in
                    script(ScriptedConnection(descriptor: descriptor), number)
                    state.withLock { state in
                        state.open.removeAll { $0 == descriptor }
                        _ = close(descriptor)
                    }
                }
            }
        }
    }

    /// Ends the listener and whatever a script is still blocked on.
    func stop() {
        _ = shutdown(listener, Int32(SHUT_RDWR))
        state.withLock { state in
            for descriptor in state.open { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// A listening socket on a free port.
    static func listen() -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                precondition(unsafe bind(descriptor, pointer, length) == 0)
                precondition(Glibc.listen(descriptor, 64) == 0)
                precondition(unsafe getsockname(descriptor, pointer, &length) == 0)
            }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func startThread(_ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(ThreadBody(body)).toOpaque()
    let result = unsafe pthread_create(
        &thread, nil,
        { context in
            unsafe Unmanaged<ThreadBody>.fromOpaque(context!).takeRetainedValue().run()
            return nil
        }, context)
    precondition(result == 0)
    pthread_detach(thread)
}
