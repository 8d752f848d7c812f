import Synchronization

/// One connection of a client, from accept to close, and until when it has to have got further.
///
/// A request is held to a pace in every phase in which the client has its turn; while a handler works there is none.
final class Link: @unchecked Sendable {
    // @unchecked: `place` and what makes the list are guarded by the registry's lock; `deadline` is atomic.

    /// What a TLS handshake on it shows.
    let certificate: Certificate?
    /// The socket; valid until the registry forgets the link.
    let descriptor: Int32
    /// Nanoseconds of the monotonic clock; `Int64.max` is never.
    let deadline: Atomic<Int64>
    /// The index in the registry's list of all.
    var place = 0
    /// The neighbours in the registry's queue of those that no request is known of, oldest first.
    weak var earlier: Link?
    var later: Link?
    var isQueued = false

    init(descriptor: Int32, certificate: Certificate?, deadline: Int64) {
        self.certificate = certificate
        self.descriptor = descriptor
        self.deadline = Atomic(deadline)
    }
}
