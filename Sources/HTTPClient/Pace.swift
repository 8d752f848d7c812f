import Support

/// When a transfer last got on, and how far: what tells a slow network from a silent one.
struct Pace {
    private(set) var progress = HTTPClientProgress(sentBytes: 0, receivedBytes: 0, expectedBytes: nil)
    private var lastMoved: Int64
    private var lastTold: Int64 = .min
    private let silenceNanoseconds: Int64
    private let bodyByteCount: Int
    private static let toldNanoseconds: Int64 = 100_000_000
    /// What the slowest network that we reckon with carries.
    private static let slowestBytesPerSecond = 10_000.0

    init(silenceSeconds: Double, bodyByteCount: Int, now: Int64) {
        silenceNanoseconds = Int64(min(silenceSeconds, 1_000_000) * 1_000_000_000)
        self.bodyByteCount = bodyByteCount
        lastMoved = now
    }

    /// Something came that is not counted, such as a line of the head.
    mutating func moved(_ now: Int64) { lastMoved = now }

    /// Takes in the counters; true when the request's owner should be told.
    mutating func count(_ latest: HTTPClientProgress, now: Int64) -> Bool {
        guard latest != progress else { return false }
        progress = latest
        lastMoved = now
        guard now - Self.toldNanoseconds >= lastTold else { return false }
        lastTold = now
        return true
    }

    /// Until when a byte has to come.
    var deadline: Int64 {
        let isSent = bodyByteCount > 0 && progress.sentBytes >= bodyByteCount && progress.receivedBytes == 0
        let seconds = isSent ? Double(bodyByteCount) / Self.slowestBytesPerSecond : 0
        return lastMoved + silenceNanoseconds + Int64(seconds * 1_000_000_000)
    }
}
