import Glibc

/// A TCP connection to 127.0.0.1 that says exactly what a test tells it to. Calls block, ten seconds at most.
final class TestConnection: Sendable {
    struct Failure: Error {
        let call: String
        let number: Int32
    }

    struct Response: Sendable {
        var status = 0
        var headers: [String: String] = [:]
        var body: [UInt8] = []

        var text: String {
            String(decoding: body, as: UTF8.self)
        }
    }

    private let descriptor: Int32

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let descriptor = descriptor
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure(call: "connect", number: errno) }
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            unsafe setsockopt(descriptor, SOL_SOCKET, option, &timeout, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    deinit {
        close(descriptor)
    }

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(call: "send", number: errno) }
            sent += count
        }
    }

    /// Sends a request with a Content-Length body (none for nil) and waits for the response.
    func request(
        _ method: String, _ target: String, headers: String = "", body: [UInt8]? = nil
    ) throws -> Response {
        let length = body.map { "Content-Length: \($0.count)\r\n" } ?? ""
        try send(Array("\(method) \(target) HTTP/1.1\r\nHost: t\r\n\(headers)\(length)\r\n".utf8) + (body ?? []))
        return try receive(hasBody: method != "HEAD")
    }

    /// Receives one response; throws when the connection ends before it is complete.
    func receive(hasBody: Bool = true) throws -> Response {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) {
            head += try receive(upTo: 1)
        }
        var response = Response()
        for (index, line) in String(decoding: head, as: UTF8.self).split(separator: "\r\n").enumerated() {
            if index == 0 {
                response.status = Int(line.split(separator: " ")[1]) ?? 0
            } else {
                let parts = line.split(separator: ":", maxSplits: 1)
                response.headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
            }
        }
        let count = Int(response.headers["content-length"] ?? "0") ?? 0
        while hasBody, response.body.count < count {
            response.body += try receive(upTo: count - response.body.count)
        }
        return response
    }

    /// Whether the server has ended the connection by now.
    func hasEnded() -> Bool {
        var byte: UInt8 = 0
        let count = unsafe recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT))
        return count == 0 || (count < 0 && errno == ECONNRESET)
    }

    /// Whether the server ends the connection, whatever it still sends before; waits ten seconds for it.
    func isClosedByServer() -> Bool {
        while true {
            var byte: UInt8 = 0
            let count = unsafe recv(descriptor, &byte, 1, 0)
            guard count > 0 else { return count == 0 || errno == ECONNRESET }
        }
    }

    private func receive(upTo count: Int) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            let received = unsafe recv(descriptor, buffer.baseAddress, count, 0)
            guard received > 0 else { throw Failure(call: "recv", number: received == 0 ? 0 : errno) }
            filled = received
        }
    }
}
