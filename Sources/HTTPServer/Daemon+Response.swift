internal import CMicroHTTPD
import Synchronization

extension Daemon {
    /// Gives MHD a response to send. On the connection's polling thread, in the receive callback.
    func queue(_ response: HTTPResponse, on exchange: Exchange) -> MHD_Result {
        links.answerBegan(exchange.link, byteCount: response.body.count)
        var built = unsafe Self.build(response)
        var status = response.status
        if unsafe built == nil {
            // A header MHD will not send: the handler's mistake, and half a response would hide it.
            status = 500
            unsafe built = unsafe Self.build(HTTPResponse(status: 500))
        }
        guard let built = unsafe built else { return .NO }
        defer { unsafe MHD_destroy_response(built) }
        if isStopping.load(ordering: .relaxed) {
            guard unsafe MHD_add_response_header(built, "Connection", "close") == .YES else { return .NO }
        }
        return unsafe MHD_queue_response(exchange.connection, UInt32(status), built)
    }

    /// Makes an MHD_Response that shares the body's memory; nil when out of memory or a header is refused.
    private static func build(_ response: HTTPResponse) -> OpaquePointer? {
        guard let built = unsafe makeResponse(response.body) else { return nil }
        for header in response.headers {
            guard unsafe MHD_add_response_header(built, header.name, header.value) == .YES else {
                unsafe MHD_destroy_response(built)
                return nil
            }
        }
        return unsafe built
    }

    private static func makeResponse(_ body: [UInt8]) -> OpaquePointer? {
        guard !body.isEmpty else {
            return unsafe MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
        }
        let owner = unsafe Unmanaged.passRetained(BodyOwner(body))
        // The pointer outlives the closure. An array's elements stay where they are while a reference to its
        // storage exists and nobody changes it; `owner` is that reference until MHD lets go, and never changes.
        let response = unsafe body.withUnsafeBytes { bytes in
            unsafe MHD_create_response_from_buffer_with_free_callback_cls(
                bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                { context in
                    guard let context = unsafe context else { return }
                    unsafe Unmanaged<BodyOwner>.fromOpaque(context).release()
                }, owner.toOpaque())
        }
        if unsafe response == nil { unsafe owner.release() }
        return unsafe response
    }

    /// Keeps a response's body in memory while MHD sends it.
    private final class BodyOwner {
        private let body: [UInt8]

        init(_ body: [UInt8]) {
            self.body = body
        }
    }
}
