import Simulation
import Support
import Testing

/// Every run that ever failed, in its shortest form, with what was wrong.
@Suite("Simulated runs that failed once")
struct RegressionTests {
    struct Run: CustomTestStringConvertible, Sendable {
        var what: String
        var script: Script
        var testDescription: String { what }

        init(_ what: String, seed: UInt64 = 1, _ steps: [Step], _ fill: (inout Script.Setup) -> Void = { _ in }) {
            self.what = what
            var setup = Script.Setup()
            fill(&setup)
            script = Script(seed: seed, setup: setup, steps: steps)
        }
    }

    @Test("it fails no more", arguments: runs)
    func run(_ run: Run) throws {
        let outcome = try Simulation(run.script, keepsTrace: true).run()
        #expect(outcome.violation == nil)
        if outcome.violation != nil { print(outcome.trace.joined(separator: "\n")) }
    }

    static let runs = shortest + outboxOfErased + lateFork + copyOfRestored

    /// Seed 10108.
    private static let copyOfRestored = [
        Run(
            "a copy from before a write that the server lost differed from it for good", seed: 10_108,
            [
                Step(after: 203_403, .backUp(desk: 1)),
                Step(after: 24_900, .write(desk: 1, record: 1, fields: 14, padding: 31)),
                Step(after: 48_674, .write(desk: 5, record: 1, fields: 7, padding: 10)),
                Step(after: 26_311, .backUpServer),
                Step(after: 238_447, .sync(desk: 1)),
                Step(after: 154_219, .restoreServer(backup: 6)),
                Step(after: 125_963, .openCopy(backup: 5)),
                Step(after: 119_655, .settleAll),
                Step(after: 219_259, .settle(desk: 2, takeOther: true)),
            ]
        ) {
            $0.desks = 6
            $0.records = 5
            $0.pageBytes = 400
            $0.requestBytes = 1
            $0.groupDelay = 3
            $0.leasedNumbers = 60
            $0.faults = Faults(rawValue: 3514)
        }
    ]

    private static let shortest = [
        Run(
            "a refused commit that had made a record took the record's children with it when it was put aside",
            [
                Step(.writeTooMuch(desk: 1, record: 0)),
                Step(.write(desk: 1, record: 0, fields: 8, padding: 310)),
            ]
        ) { $0.requestBytes = 1 },
        Run(
            "what was put aside kept the content of a record that was erased afterwards",
            [
                Step(.write(desk: 1, record: 0, fields: 13, padding: 0)),
                Step(.settleAll),
                Step(.writeTooMuch(desk: 2, record: 0)),
                Step(.erase(desk: 1, record: 0)),
            ]),
        Run(
            "what was erased before it was refused was kept among what was put aside",
            [Step(.writeTooMuch(desk: 1, record: 0)), Step(.erase(desk: 1, record: 0))]),
        Run(
            "a restored workstation with several requests to send went past what it had written before",
            [
                Step(.write(desk: 1, record: 0, fields: 3, padding: 0)), Step(.backUp(desk: 1)),
                Step(.write(desk: 1, record: 0, fields: 3, padding: 0)), Step(.sync(desk: 1)),
                Step(.restore(desk: 1)),
                Step(.write(desk: 1, record: 0, fields: 3, padding: 0)),
            ]
        ) { $0.requestBytes = 1 },
    ]

    /// A note in the outbox, its parent erased elsewhere, the note acknowledged after the erasure had come in: its text
    /// stayed in the write-ahead log.
    private static let outboxOfErased = (1...3).map { index in
        Run(
            "a note below an erased record stayed in the write-ahead log (\(index))", seed: UInt64(index),
            [
                Step(.write(desk: 0, record: 0, fields: 1, padding: 0)), Step(.settleAll),
                Step(.erase(desk: 0, record: 0)), Step(.sync(desk: 0)),
                Step(.sync(desk: 1)),
                Step(after: Int64(index) * 100, .addNote(desk: 1, record: 0)),
                Step(after: 1, .sync(desk: 1)),
            ]
        ) { $0.weather.longestDelay = 800 }
    }

    /// Two exchanges of one workstation at once, the first one's request long on its way.
    private static let lateFork = (1...6).map { index in
        Run(
            "a late answer made a replica fork that nobody had copied (\(index))", seed: UInt64(index),
            [
                Step(.sync(desk: 0)),
                Step(after: 100, .write(desk: 0, record: 0, fields: 3, padding: 0)),
                Step(after: 1, .sync(desk: 0)),
                Step(after: 20_000, .write(desk: 0, record: 0, fields: 1, padding: 0)),
                Step(after: 1, .sync(desk: 0)), Step(after: 10, .sync(desk: 0)),
                Step(after: 5_000, .write(desk: 0, record: 0, fields: 2, padding: 0)),
                Step(after: 1, .sync(desk: 0)),
            ]
        ) {
            $0.weather.longestDelay = 30_000
            $0.weather.doubled = 0.3
        }
    }
}
