internal import CMicroHTTPD

/// The certificate that new connections are shown. It can be replaced while the server runs.
@safe
final class Certificate: @unchecked Sendable {
    // @unchecked: the slot has its own mutex; the pointer never changes.

    /// Read by the shim at each handshake, which holds the slot's mutex meanwhile.
    let slot: OpaquePointer

    init(_ tls: HTTPServer.TLS) throws(HTTPServerError) {
        guard let slot = unsafe lugn_certificate_slot_make() else {
            throw HTTPServerError(.startFailed, "memory ran out")
        }
        unsafe self.slot = unsafe slot
        try replace(with: tls)
    }

    /// Errors: `invalidCertificate`; the one before stays in use then.
    func replace(with tls: HTTPServer.TLS) throws(HTTPServerError) {
        guard unsafe lugn_certificate_slot_set(slot, tls.certificatePEM, tls.keyPEM) else {
            throw HTTPServerError(
                .invalidCertificate, "the certificate or its key is unusable, or they do not belong together")
        }
    }

    deinit { unsafe lugn_certificate_slot_free(slot) }
}
