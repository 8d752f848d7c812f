/// All that a run is, but for the machine's own code: it is the same, to the byte, whenever it is run.
public struct Script: Sendable {
    public var seed: UInt64
    public var setup: Setup
    public var steps: [Step]

    /// What stands when a run begins.
    public struct Setup: Hashable, Sendable {
        public var desks = 3
        public var records = 2
        /// Bit n: desk n begins with the newer schema.
        public var newerSchemas: UInt64 = 0
        public var weather = Weather.fair
        /// The size of pages and of requests, in bytes: small ones split with little in them.
        public var pageBytes = 1 << 20
        public var requestBytes = 1 << 20
        /// The delay before the server's writer begins, in milliseconds; 0 writes at once.
        public var groupDelay: Int64 = 0
        public var leasedNumbers = 40
        /// The misfortunes that the steps were drawn from.
        public var faults: Faults = []

        public init() {}
    }

    /// A run that somebody has written down, such as the shortest form of one that failed.
    public init(seed: UInt64, setup: Setup, steps: [Step]) {
        self.seed = seed
        self.setup = setup
        self.steps = steps
    }
}
