import Merge
import SQLite
import Support
import SyncProtocol

/// Reads what a request touches, lets ``AcceptRules`` decide, and writes what they say. Inside the caller's transaction.
struct Acceptor {
    let connection: Connection
    let device: Device
    let limits: Limits
    let bound: ClockBound
    let now: Int64
    let random: RandomSource
    let erasures: ErasureFlag

    /// What becomes of the request, if nothing need be written for it; else nil. For a connection that only reads.
    func answerWithoutWriting(_ request: SyncRequest) throws -> Acceptance? {
        guard request.commits.isEmpty else { return nil }
        var rules = try rules(for: request)
        let acceptance = rules.decide(request)
        return rules.changesAnything ? nil : acceptance
    }

    func run(_ request: SyncRequest) throws -> Acceptance {
        var rules = try rules(for: request)
        let acceptance = rules.decide(request)
        guard rules.changesAnything else { return acceptance }
        let line = rules.set.line.ref
        try WorkingSetStore(connection: connection, line: line, erasures: erasures).write(&rules.set)
        if !rules.facts.isKnown { rules.set.line.replicas += 1 }
        try LineTable(connection: connection).save(rules.set.line)
        try ReplicaTable(connection: connection).save(rules.replica, line: line)
        return acceptance
    }

    private func rules(for request: SyncRequest) throws -> AcceptRules {
        guard request.line == device.line, let line = try LineTable(connection: connection).find(request.line) else {
            throw ChangeLogError(.wrongLine, "this device belongs to another line; nothing was changed")
        }
        try DeviceTable(connection: connection).checkStanding(device)
        let facts = try facts(request, line)
        let set = try WorkingSetStore(connection: connection, line: line.ref, erasures: erasures)
            .read(request.commits.lazy.flatMap(\.changes).map(\.header), line)
        return AcceptRules(set, facts: facts, limits: limits, bound: bound, now: now, random: random)
    }

    private func facts(_ request: SyncRequest, _ line: LineState) throws -> ReplicaFacts {
        let known = try ReplicaTable(connection: connection).find(request.replica, line: line.ref)
        guard known == nil || known?.device == device.reference else {
            throw ChangeLogError(.wrongDevice, "this replica is another device's; nothing was changed")
        }
        let log = LogTable(connection: connection, line: line.ref)
        var facts = ReplicaFacts(
            replica: known ?? ReplicaState(replica: request.replica, device: device.reference), isKnown: known != nil,
            isCursorGood: try request.wantsNoPage || log.contains(request.cursor, line))
        // Mostly the last one is acknowledged, which the replica's row tells.
        if facts.replica.lastNumber > request.acknowledged {
            facts.digests = try log.digests(of: request.replica, from: request.acknowledged)
        }
        let leases = LeaseTable(connection: connection, line: line.ref)
        if facts.replica.leasesGiven > request.leases.received {
            facts.unreceived = try leases.given(to: request.replica, after: request.leases.received)
        }
        if request.leases.wanted > 0 {
            facts.givenBlocks = try leases.starts()
        } else if known == nil, let start = LeaseRules.block(endingAt: request.leases.highest),
            try leases.contains(start: start)
        {
            facts.givenBlocks = [start]
        }
        return facts
    }
}
