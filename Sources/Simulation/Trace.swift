/// What happened in a run, line by line; two runs of one script have the same.
final class Trace: @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.
    private let timeline: Timeline
    private let keepsLines: Bool
    private let start: Int64
    private(set) var lines: [String] = []
    /// FNV-1a over all lines, kept or not.
    private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

    init(_ timeline: Timeline, keepsLines: Bool) {
        self.timeline = timeline
        self.keepsLines = keepsLines
        start = timeline.now
    }

    /// A line for readers alone, which is not part of what two runs are compared by.
    func explain(_ text: @autoclosure () -> String) {
        if keepsLines { lines.append("\(timeline.now - start)   \(text())") }
    }

    func note(_ text: String) {
        let line = "\(timeline.now - start) \(text)"
        for byte in line.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ 10) &* 0x100_0000_01B3
        if keepsLines { lines.append(line) }
    }
}
