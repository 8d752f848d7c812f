import Replica
import SyncClient

/// Exchanges with the server, and what is to be expected of what they report.
extension Simulation {
    func sync(_ desk: Workstation) {
        guard desk.syncing.count < 2 else { return }
        let (client, life) = (desk.client, desk.life)
        let number = (desk.syncing.keys.max() ?? 0) + 1
        desk.syncing[number] = Task(executorPreference: executor) {
            do {
                let report = try await client.sync { self.note($0.events, desk, life) }
                self.note(report, desk, life)
            } catch {
                self.note(error, desk, life)
            }
            if desk.life == life { desk.syncing[number] = nil }
        }
    }

    func verify(_ desk: Workstation) {
        guard desk.syncing.count < 2 else { return }
        let (client, life) = (desk.client, desk.life)
        let number = (desk.syncing.keys.max() ?? 0) + 1
        desk.syncing[number] = Task(executorPreference: executor) {
            do {
                let result = try await client.verify(isDeep: true)
                self.trace.note("desk \(desk.number) verified: \(result.mendedRecords) records mended")
            } catch {
                self.note(error, desk, life)
            }
            if desk.life == life { desk.syncing[number] = nil }
        }
    }

    func watch(_ desk: Workstation) {
        guard desk.watching == nil else { return }
        let (client, life) = (desk.client, desk.life)
        desk.watching = Task(executorPreference: executor) {
            do {
                try await client.watch { event in
                    switch event {
                    case .upToDate(let report): self.note(report, desk, life)
                    case .received(let receipt): self.note(receipt.events, desk, life)
                    case .offline(let error, _): self.note(error, desk, life)
                    }
                }
            } catch {
                self.note(error, desk, life)
            }
        }
    }

    func note(_ report: SyncReport, _ desk: Workstation, _ life: Int) {
        guard desk.life == life else { return }
        let counts = "\(report.acknowledged) sent, \(report.applied) received"
        trace.note("desk \(desk.number) synced: \(counts), at \(report.position)")
    }

    /// What an exchange led to; some of it may not happen unless something else has.
    func note(_ events: [Receipt.Event], _ desk: Workstation, _ life: Int) {
        guard desk.life == life else { return }
        for event in events {
            switch event {
            case .forked where !happened.contains(.copies):
                fail(Violation("I9", "desk \(desk.number) forked, and nobody has copied it"))
            case .diverged, .differs:
                desk.mayHeal -= 1
                if desk.mayHeal < 0 {
                    fail(Violation("needless", "desk \(desk.number) heals without a cause: \(name(event))"))
                }
                trace.note("desk \(desk.number): \(name(event))")
            case .setAside where !happened.contains(.refusals):
                fail(Violation("I11", "desk \(desk.number) put a sound commit aside"))
            case .unopened where !happened.contains(.damage):
                fail(Violation("I12", "desk \(desk.number) could not open a change"))
            default: trace.note("desk \(desk.number): \(name(event))")
            }
        }
        if let found = record.violation { fail(found) }
    }

    private func name(_ event: Receipt.Event) -> String {
        switch event {
        case .forked: "forked"
        case .clockCorrected(let milliseconds): "clock corrected by \(milliseconds) ms"
        case .setAside(let number, let reason): "commit \(number) put aside, \(reason)"
        case .diverged: "the server has lost data"
        case .healingRestarted: "compares anew"
        case .healed: "has joined what differed"
        case .differs: "differs from the server"
        case .unopened(let count): "\(count) changes not opened"
        }
    }

    func note(_ error: any Error, _ desk: Workstation, _ life: Int) {
        guard desk.life == life, !(error is CancellationError), !desk.computer.hasLostPower else { return }
        trace.note("desk \(desk.number) failed: \(error)")
        if let error = error as? SyncError, error.isTransient { return }
        if let error = error as? ReplicaError, error.code == .diskFull { return }
        fail(Violation("unexpected", "desk \(desk.number): \(error)"))
    }

    func fail(_ found: Violation) { violation = violation ?? found }
}
