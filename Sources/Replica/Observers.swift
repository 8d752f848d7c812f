public import Merge
import Support

/// That records have changed; which, where that is known.
public struct ChangeNotice: Sendable {
    public enum Origin: Sendable {
        /// Written by this process.
        case local
        /// Received from the server by this process.
        case received
        /// By another process on the same file; `records` is empty, anything may have changed.
        case otherProcess
    }
    public var records: [RecordID]
    public var origin: Origin
}

/// Hands notices to whoever listens. A listener that lags behind is given the newest 1,000.
final class Observers: Sendable {
    private let continuations = Lock<[UInt64: AsyncStream<ChangeNotice>.Continuation]>([:])
    private let next = Lock<UInt64>(0)

    func stream() -> AsyncStream<ChangeNotice> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ChangeNotice.self, bufferingPolicy: .bufferingNewest(1_000))
        let key = next.withLock { number in
            number += 1
            return number
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.continuations.withLock { $0.removeValue(forKey: key) }
        }
        continuations.withLock { $0[key] = continuation }
        return stream
    }

    func tell(_ notice: ChangeNotice) {
        let listeners = continuations.withLock { Array($0.values) }
        for listener in listeners { listener.yield(notice) }
    }
}
