import ChangeLog
import Replica
import SimulatedLead
import Trust

/// Who belongs to the line: the lead's acts, and what follows from them.
extension Simulation {
    /// Lets the lead do something.
    func administer(_ action: Step.Action) throws {
        switch action {
        case .rotateKey: try changeKey(removing: [])
        case .removeDesk(let number): try remove(desk(number))
        case .lateJoin(let isNewer): try joinLate(isNewer: isNewer && script.setup.faults.contains(.schemas))
        default: throw Violation("simulator", "nobody knows the step \(action)")
        }
    }

    /// A workstation that the lead has removed, or a copy of one: what it does from then on is no business of the others.
    func isRemoved(_ desk: Workstation) -> Bool {
        guard let id = try? desk.computer.keys.load()?.id else { return false }
        return lead.roster.state.member(id) == nil
    }

    /// The workstations of the line.
    var members: [Workstation] { desks.filter { !isRemoved($0) } }

    /// The lead's own workstation hands over what a server that was put back lacks, and gives keys to those who wait for them.
    func syncLead() throws {
        guard let server = network.server else { return }
        let now = serverClock.now
        try finish("the lead's sync") { [lead] in try await lead.sync(with: server.log, now: now) }
    }

    /// Does something of the lead's at the server. Where its disk fails, the lead has done it all the same, and the server is
    /// told later, by whoever comes first.
    private func tryAtServer(_ what: String, _ work: @escaping @Sendable () async throws -> Void) throws {
        do {
            try finish(what, work)
        } catch let error as ChangeLogError {
            trace.note("\(what): \(error)")
        } catch  where !(error is Violation) && network.server?.computer.hasLostPower == true {
            trace.note("\(what) ends early")
        }
    }

    private func changeKey(removing devices: [DeviceID]) throws {
        guard let server = network.server else { return }
        let now = serverClock.now
        try tryAtServer("a new key") { [lead] in
            try await lead.changeKey(removing: devices, in: server.log, now: now)
        }
    }

    private func remove(_ desk: Workstation) throws {
        guard let id = try desk.computer.keys.load()?.id, !isRemoved(desk) else { return }
        // One at least stays, of those that know the newest schema too: the checks look at them.
        let others = members.filter { other in (try? other.computer.keys.load()?.id) != id }
        guard others.contains(where: \.isNewer) || !desk.isNewer, !others.isEmpty else { return }
        record.state.known.formUnion(try desk.strikeOffConfirmed())
        try changeKey(removing: [id])
        trace.note("desk \(desk.number) is removed")
    }

    private func joinLate(isNewer: Bool) throws {
        guard let server = network.server, desks.count < script.setup.desks + 6 else { return }
        let desk = try addDesk(on: Computer(seed: script.seed &+ UInt64(desks.count) &* 7_919), isNewer: isNewer)
        let now = serverClock.now
        try lead.admit(desk.replica, name: "Desk \(desk.number)", server: Workstation.serverAddress, now: now)
        try tryAtServer("an admission") { [lead] in try await lead.sync(with: server.log, now: now) }
    }
}
