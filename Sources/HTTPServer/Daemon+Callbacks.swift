internal import CMicroHTTPD
import Synchronization

// What MHD calls, on its polling threads. Each callback finds its daemon in the context pointer.
extension Daemon {
    static let acceptCallback: MHD_AcceptPolicyCallback = { context, _, _ in
        guard let daemon = unsafe Daemon.at(context) else { return .NO }
        return daemon.isStopping.load(ordering: .relaxed) ? .NO : .YES
    }

    static let notifyCallback: MHD_NotifyConnectionCallback = { context, connection, slot, event in
        guard let daemon = unsafe Daemon.at(context), let slot = unsafe slot else { return }
        if event == .CONNECTION_NOTIFY_STARTED {
            let link = unsafe daemon.links.opened(lugn_mhd_descriptor(connection))
            unsafe slot.pointee = unsafe Unmanaged.passRetained(link).toOpaque()
        } else if let pointer = unsafe slot.pointee {
            unsafe slot.pointee = nil
            unsafe daemon.links.closed(Unmanaged<Link>.fromOpaque(pointer).takeRetainedValue())
        }
    }

    static let findSlot: lugn_slot_finder = { pointer in
        guard let pointer = unsafe pointer else { return nil }
        return unsafe Unmanaged<Link>.fromOpaque(pointer).takeUnretainedValue().certificate?.slot
    }

    static let receiveCallback: MHD_AccessHandlerCallback = {
        context, connection, path, method, _, piece, pieceByteCount, slot in
        guard let daemon = unsafe Daemon.at(context), let connection = unsafe connection,
            let path = unsafe path, let method = unsafe method,
            let pieceByteCount = unsafe pieceByteCount, let slot = unsafe slot
        else { return .NO }

        guard let pointer = unsafe slot.pointee else {
            guard let exchange = unsafe daemon.begin(connection, path: path, method: method) else { return .NO }
            unsafe slot.pointee = unsafe Unmanaged.passRetained(exchange).toOpaque()
            // A refusal before the body ends the connection; without a body the second call answers and keeps it.
            guard exchange.head.announcesBody, let refusal = exchange.takeResponse() else { return .YES }
            return daemon.queue(refusal, on: exchange)
        }
        let exchange = unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
        if unsafe pieceByteCount.pointee > 0 {
            let bytes = unsafe UnsafeRawBufferPointer(start: piece, count: pieceByteCount.pointee)
            unsafe pieceByteCount.pointee = 0
            daemon.links.bodyArrived(exchange.link, byteCount: bytes.count)
            return unsafe exchange.store(bytes) ? .YES : .NO
        }
        if let response = exchange.takeResponse() {
            return daemon.queue(response, on: exchange)
        }
        daemon.dispatch(exchange)
        return .YES
    }

    static let completeCallback: MHD_RequestCompletedCallback = { context, _, slot, _ in
        guard let daemon = unsafe Daemon.at(context), let slot = unsafe slot,
            let pointer = unsafe slot.pointee
        else { return }
        unsafe slot.pointee = nil
        let exchange = unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue()
        daemon.complete(exchange)
    }

    /// Decides on a request by its head. A refusal is left in the exchange as its response.
    private func begin(
        _ connection: OpaquePointer, path: UnsafePointer<CChar>, method: UnsafePointer<CChar>
    ) -> Exchange? {
        guard let pointer = unsafe lugn_mhd_socket_context(connection) else { return nil }
        let link = unsafe Unmanaged<Link>.fromOpaque(pointer).takeUnretainedValue()
        links.headArrived(link)
        let fields = unsafe HeadFields(of: connection)
        let framing: BodyFraming
        var refusal: HTTPResponse?
        do throws(BodyFraming.Refusal) {
            framing = try BodyFraming(fields)
        } catch {
            // Chunked stands for a body of unknown length, which closes the connection after the answer.
            framing = .chunked
            refusal =
                switch error {
                case .ambiguous: HTTPResponse(status: 400)
                case .unknownCoding: HTTPResponse(status: 501)
                case .tooLong: HTTPResponse(status: 413)
                }
        }
        let head = unsafe HTTPRequestHead(
            method: HTTPMethod(rawValue: String(cString: method)), path: String(cString: path), framing: framing,
            fields: fields)
        let exchange = unsafe Exchange(head: head, link: link, connection: connection, daemon: self)
        if let refusal {
            exchange.response = refusal
        } else if isStopping.load(ordering: .relaxed) {
            exchange.response = HTTPResponse(status: 503)
        } else {
            switch handler.admit(head) {
            case .answered(let response): exchange.response = response
            case .admitted(let caller): exchange.admit(caller)
            }
        }
        return exchange
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> Daemon? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<Daemon>.fromOpaque(context).takeUnretainedValue()
    }
}
