import Replica
import SyncClient

extension Simulation {
    private static let longestSettling = 8

    /// The network works, everybody syncs until nothing moves, and everything is checked.
    func settleAll() throws {
        let (weather, partition) = (network.weather, network.partition)
        network.weather = .fair
        network.partition = 0
        repairDisks()
        // What is still on its way arrives.
        try runFor(130_000)
        trace.note("all settle")
        try lookOver()
        for round in 1...Self.longestSettling {
            try runFor(1_000)
            for desk in desks { try settle(desk) }
            if try isSettled() {
                trace.note("settled after \(round) rounds")
                break
            }
            if round == Self.longestSettling { throw Violation("settles", try whatMoves()) }
        }
        try check()
        network.weather = weather
        network.partition = partition
    }

    private func settle(_ desk: Workstation) throws {
        let life = desk.life
        do {
            try finish("the sync of desk \(desk.number)") {
                let report = try await desk.client.sync { self.note($0.events, desk, life) }
                self.note(report, desk, life)
            }
        } catch let found as Violation {
            throw found
        } catch {
            throw Violation("settles", "desk \(desk.number): \(error)")
        }
        record.state.known.formUnion(try desk.strikeOffConfirmed())
    }

    /// Everybody is where the server is, and proven to hold the same.
    private func isSettled() throws -> Bool {
        guard let head = try head() else { return false }
        return try desks.allSatisfy { desk in
            let status = try desk.replica.status()
            return status.cursor == head.position && status.pending == 0 && status.isVerified == true
                && status.fingerprint == head.fingerprint
        }
    }

    private func whatMoves() throws -> String {
        guard let head = try head() else { return "there is no server" }
        for desk in desks {
            let status = try desk.replica.status()
            if status.pending > 0 { return "desk \(desk.number) does not get rid of \(status.pending) commits" }
            if status.cursor != head.position {
                return "desk \(desk.number) is at \(status.cursor), the server at \(head.position)"
            }
            if status.fingerprint != head.fingerprint { return "desk \(desk.number) differs from the server for good" }
            if status.isVerified != true { return "desk \(desk.number) is not verified" }
        }
        return "something moves"
    }
}
