import Merge
import Simulation
import Support
import SyncProtocol
import Testing

/// The checker finds what it is there to find: faults that are planted into the network's answers.
@Suite("The simulator's checker")
struct CheckerTests {
    /// Two desks, of which one writes and the other one listens.
    private let script: Script = {
        var setup = Script.Setup()
        setup.desks = 2
        return Script(
            seed: 1, setup: setup,
            steps: [
                Step(.write(desk: 0, record: 0, fields: 3, padding: 0)),
                Step(.addNote(desk: 0, record: 0)),
                Step(.sync(desk: 0)),
                Step(.sync(desk: 1)),
            ])
    }()

    private func run(_ tamper: @escaping @Sendable (inout SyncResponse) -> Void) throws -> Violation? {
        try Simulation(
            script,
            tamper: { path, body in
                guard path == "/v2/sync", var response = try? SyncResponse(encoded: body) else { return body }
                tamper(&response)
                return response.encoded()
            }
        ).run().violation
    }

    @Test("an untouched run is sound")
    func untouched() throws {
        #expect(try run { _ in } == nil)
    }

    @Test("changes that a page leaves out are missed")
    func droppedChange() throws {
        let violation = try run { $0.page = [] }
        #expect(violation?.invariant == "needless")
    }

    @Test("dropped changes and a fingerprint that covers them up are missed all the same")
    func coveredUp() throws {
        let violation = try run { response in
            response.page = []
            response.fingerprint = nil
        }
        #expect(violation != nil)
    }

    @Test("an acknowledgement of what the server does not hold is noticed")
    func falseAcknowledgement() throws {
        let violation = try run { response in
            if response.outcome == .done {
                response.heldDigests.append([UInt8](repeating: 9, count: SealedCommit.digestBytes))
            }
        }
        #expect(violation?.invariant == "I9")
    }

    @Test("a server's clock that lies by a year to one desk wins nothing")
    func lyingTime() throws {
        #expect(try run { $0.serverTime += 365 * 86_400_000 } == nil)
    }

    @Test("numbers that are leased twice are found")
    func doubleLease() throws {
        var script = script
        script.steps = [
            Step(.sync(desk: 0)), Step(.sync(desk: 1)),
            Step(.takeNumbers(desk: 0, count: 3)), Step(.takeNumbers(desk: 1, count: 3)),
        ]
        let outcome = try Simulation(
            script,
            tamper: { path, body in
                guard path == "/v2/sync", var response = try? SyncResponse(encoded: body) else { return body }
                response.leases = response.leases.map {
                    var lease = $0
                    lease.start = 20 * lease.ordinal
                    return lease
                }
                return response.encoded()
            }
        ).run()
        #expect(outcome.violation?.invariant == "I6")
    }

    @Test("a failing script shrinks to the steps that matter")
    func shrinks() throws {
        var long = script
        for index in 0..<12 { long.steps.insert(Step(.openForm(desk: index, record: 0)), at: index % 3) }
        let failing: @Sendable (Script) throws -> Outcome = { script in
            try Simulation(
                script,
                tamper: { path, body in
                    guard path == "/v2/sync", var response = try? SyncResponse(encoded: body) else { return body }
                    response.page = []
                    return response.encoded()
                }
            ).run()
        }
        let short = try Shrinker(run: failing).shrink(try failing(long))
        #expect(short.violation?.invariant == "needless")
        #expect(short.script.steps.count == 1)
    }
}
