import Glibc

/// The server's end of one connection.
struct ScriptedConnection: Sendable {
    let descriptor: Int32

    /// Reads one request; nil when the client has closed. The head ends with its empty line.
    func readRequest() -> (head: String, body: [UInt8])? {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            guard let next = read(upTo: 1) else { return nil }
            head += next
        }
        let text = String(decoding: head, as: UTF8.self)
        let length = text.lowercased().split(separator: "\r\n")
            .first { $0.hasPrefix("content-length: ") }
            .flatMap { Int($0.dropFirst(16)) }
        var body: [UInt8] = []
        while body.count < length ?? 0 {
            guard let next = read(upTo: length! - body.count) else { return nil }
            body += next
        }
        return (text, body)
    }

    /// Reads at least so many bytes, a piece at a time.
    func readSlowly(_ count: Int, pieceBytes: Int, pauseMilliseconds: UInt32) {
        var left = count
        while left > 0 {
            usleep(pauseMilliseconds * 1_000)
            var piece = pieceBytes
            while piece > 0, left > 0 {
                guard let next = read(upTo: min(piece, left)) else { return }
                piece -= next.count
                left -= next.count
            }
        }
    }

    func write(_ text: String) {
        write(Array(text.utf8))
    }

    func write(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { buffer in
                unsafe send(descriptor, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard result > 0 else { return }
            sent += result
        }
    }

    /// Answers 200 with `body`.
    func answer(_ body: [UInt8]) {
        write(Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\nX-Case: kept\r\n\r\n".utf8) + body)
    }

    /// Makes closing the connection send a reset.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        precondition(unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, size) == 0)
    }

    private func read(upTo count: Int) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: count)
        let result = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, count, 0) }
        return result > 0 ? Array(buffer.prefix(result)) : nil
    }
}
