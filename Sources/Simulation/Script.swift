/// All that a run is, but for the machine's own code: it is the same, to the byte, whenever it is run.
public struct Script: Sendable {
    public var seed: UInt64
    public var setup: Setup
    public var steps: [Step]

    /// What stands when a run begins.
    public struct Setup: Hashable, Sendable {
        public var desks: Int
        public var records: Int
        /// Bit n: desk n begins with the newer schema.
        public var newerSchemas: UInt64
        var weather: Weather
        /// The size of pages and of requests, in bytes: small ones split with little in them.
        public var pageBytes: Int
        public var requestBytes: Int
        /// The largest delay before the server's writer begins, in milliseconds; 0 writes at once.
        public var groupDelay: Int64
        public var leasedNumbers: Int
        public var faults: Faults
    }
}
