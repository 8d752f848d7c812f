/// How a run ended.
public struct Outcome: Sendable {
    public var script: Script
    /// The first thing that went wrong; nil for a run in which nothing did.
    public var violation: Violation?
    /// Differs as soon as anything in two runs does.
    public var traceHash: UInt64
    /// Empty unless asked for.
    public var trace: [String]
    public var requests: Int
    public var writes: Int
}
