import Support
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// All connections of a server: closes those that keep no pace, and makes room where there are too many.
///
/// MHD itself only ends a connection on which nothing at all arrives for a while: a byte now and then would hold it for
/// ever. It also stops accepting at its limit, so that whoever opens enough connections and says nothing would shut out
/// everybody else. So when few places are left each new connection ends the one that has waited longest without a request:
/// a client that has something to say is through long before its turn comes.
///
/// A connection is ended by shutdown(2), from any thread, under the lock that `closed` takes before MHD closes the
/// descriptor; MHD then sees the end of the stream.
final class LinkRegistry: Sendable {
    private struct State {
        var all: [Link] = []
        var oldest: Link?
        var newest: Link?
    }

    /// The pace a client has to keep.
    struct Pace: Sendable {
        var headSeconds: Double
        var idleSeconds: Double
        var bodyBytesPerSecond: Double
        /// How far a body may be behind its pace when it begins; three times that is the most that it can earn by being fast.
        var bodyGraceSeconds: Double
        /// An answer is taken at this speed at least, after a minute's grace; slower than bodies, since networks are slower
        /// for some and what is sent is the server's own choice.
        static let answerGraceSeconds = 60.0
        static let answerBytesPerSecond = 2_048.0
    }

    private let pace: Pace
    private let roomFor: Int
    private let certificate: Certificate?
    private let state = Lock(State())
    private let clock = MonotonicClock.system

    /// - Parameter limit: the most connections; from seven eighths of it on, room is made.
    init(pace: Pace, limit: Int, certificate: Certificate?) {
        self.pace = pace
        self.certificate = certificate
        roomFor = max(1, limit - limit / 8)
    }

    var count: Int { state.withLock { $0.all.count } }

    // MARK: What happens on a connection. On its polling thread.

    func opened(_ descriptor: Int32) -> Link {
        let link = Link(descriptor: descriptor, certificate: certificate, deadline: moment(after: pace.headSeconds))
        state.withLock { state in
            link.place = state.all.count
            state.all.append(link)
            Self.enqueue(link, &state)
            guard state.all.count > roomFor, let oldest = state.oldest, oldest !== link else { return }
            Self.end(oldest, &state)
        }
        return link
    }

    func closed(_ link: Link) {
        state.withLock { state in
            Self.dequeue(link, &state)
            let last = state.all.removeLast()
            guard last !== link else { return }
            last.place = link.place
            state.all[link.place] = last
        }
    }

    func headArrived(_ link: Link) {
        state.withLock { Self.dequeue(link, &$0) }
        link.deadline.store(moment(after: pace.bodyGraceSeconds), ordering: .relaxed)
    }

    func bodyArrived(_ link: Link, byteCount: Int) {
        let now = clock.nowNanoseconds()
        let earned = Self.nanoseconds(Double(byteCount) / pace.bodyBytesPerSecond)
        let credit = now + Self.nanoseconds(3 * pace.bodyGraceSeconds)
        link.deadline.store(
            min(max(link.deadline.load(ordering: .relaxed), now) + earned, credit), ordering: .relaxed)
    }

    func handlerBegan(_ link: Link) { link.deadline.store(.max, ordering: .relaxed) }

    func answerBegan(_ link: Link, byteCount: Int) {
        let seconds = Pace.answerGraceSeconds + Double(byteCount) / Pace.answerBytesPerSecond
        link.deadline.store(moment(after: seconds), ordering: .relaxed)
    }

    /// The request is over. The next one's head has its time on top of the time between two requests.
    func requestEnded(_ link: Link) {
        link.deadline.store(
            pace.idleSeconds > 0 ? moment(after: pace.idleSeconds + pace.headSeconds) : .max, ordering: .relaxed)
        state.withLock { Self.enqueue(link, &$0) }
    }

    // MARK: The watch

    /// Ends the connections whose time is over. Cost: a look at each, about a nanosecond.
    func endOverdue() {
        let now = clock.nowNanoseconds()
        state.withLock { state in
            for link in state.all where link.deadline.load(ordering: .relaxed) < now { Self.end(link, &state) }
        }
    }

    private static func end(_ link: Link, _ state: inout State) {
        dequeue(link, &state)
        link.deadline.store(.max, ordering: .relaxed)
        // Fails only where the client has gone already.
        _ = shutdown(link.descriptor, Int32(SHUT_RDWR))
    }

    private static func enqueue(_ link: Link, _ state: inout State) {
        guard !link.isQueued else { return }
        link.isQueued = true
        link.earlier = state.newest
        state.newest?.later = link
        state.newest = link
        if state.oldest == nil { state.oldest = link }
    }

    private static func dequeue(_ link: Link, _ state: inout State) {
        guard link.isQueued else { return }
        link.isQueued = false
        let (earlier, later) = (link.earlier, link.later)
        if let earlier { earlier.later = later } else { state.oldest = later }
        if let later { later.earlier = earlier } else { state.newest = earlier }
        link.earlier = nil
        link.later = nil
    }

    private func moment(after seconds: Double) -> Int64 { clock.nowNanoseconds() + Self.nanoseconds(seconds) }

    private static func nanoseconds(_ seconds: Double) -> Int64 { Int64(seconds * 1_000_000_000) }
}
