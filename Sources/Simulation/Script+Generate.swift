import Support

extension Script {
    /// Draws a run from its seed: how many desks, which of the allowed misfortunes and how often (swarm testing: most
    /// runs have some of them switched off, which leads to places where a run with all of them never comes), and what
    /// happens when.
    ///
    /// Source: Groce et al., *Swarm Testing*, ISSTA 2012.
    /// - Parameter steps: how many; nil for the seed's own choice.
    public init(seed: UInt64, faults allowed: Faults = .usual, steps count: Int? = nil) {
        var random = RandomSource.seeded(seed &* 0x9E37_79B9_7F4A_7C15)
        let isCrowd = Int.random(in: 0..<50, using: &random) == 0
        let desks = isCrowd ? 100 : Int.random(in: 2...Int.random(in: 2...12, using: &random), using: &random)
        let faults = Self.drawFaults(allowed, &random)
        let setup = Self.drawSetup(desks: desks, faults: faults, &random)
        var deck = Deck(setup: setup, random: &random)
        let length = count ?? (isCrowd ? 300 : Int.random(in: 15...90, using: &random))
        self.init(seed: seed, setup: setup, steps: [])
        for _ in 0..<length { steps.append(deck.draw(&random)) }
    }

    private static func drawFaults(_ allowed: Faults, _ random: inout RandomSource) -> Faults {
        var faults: Faults = []
        for (_, fault) in Faults.named where Int.random(in: 0..<5, using: &random) < 3 { faults.insert(fault) }
        let keepsCopies = Bool.random(using: &random)
        faults.formIntersection(allowed)
        if faults.contains([.copies, .restores]), !allowed.contains(.together) {
            faults.remove(keepsCopies ? .restores : .copies)
        }
        return faults
    }

    private static func drawSetup(desks: Int, faults: Faults, _ random: inout RandomSource) -> Setup {
        func one<Value>(of values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }
        var weather = Weather.fair
        if faults.contains(.network) {
            weather.requestLost = one(of: [0, 0.05, 0.2])
            weather.answerLost = one(of: [0, 0.05, 0.2])
            weather.answerCut = one(of: [0, 0.05])
            weather.answerGarbled = one(of: [0, 0.05])
            weather.doubled = one(of: [0, 0.1, 0.3])
            weather.requestFlipped = one(of: [0, 0, 0.1])
            weather.answerFlipped = one(of: [0, 0, 0.1])
            weather.impostor = one(of: [0, 0.03])
            weather.longestDelay = one(of: [5, 200, 5_000, 30_000])
        }
        var setup = Setup()
        setup.desks = desks
        setup.records = one(of: [1, 2, 3, 5])
        setup.newerSchemas = faults.contains(.schemas) ? UInt64.random(in: .min ... .max, using: &random) : 0
        setup.weather = weather
        setup.pageBytes = one(of: [1, 400, 2_000, 1 << 20])
        setup.requestBytes = one(of: [1, 400, 1 << 20])
        setup.groupDelay = one(of: [0, 3, 50])
        setup.leasedNumbers = one(of: [20, 40, 60])
        setup.faults = faults
        return setup
    }
}
