import Replica

extension Simulation {
    /// Lets a misfortune happen.
    func suffer(_ action: Step.Action) throws {
        switch action {
        case .crash(let number): try crash(desk(number))
        case .crashServer: try crashServer()
        case .backUp(let number): try backUp(desk(number))
        case .openCopy(let backup): try openCopy(backup)
        case .restore(let number): try restore(desk(number))
        case .backUpServer: try backUpServer()
        case .restoreServer(let backup): try restoreServer(backup)
        case .clock(let number, let fault):
            desk(number).clock.apply(fault)
            happened.insert(.clocks)
        case .serverClock(let fault):
            serverClock.apply(fault)
            happened.insert(.clocks)
        case .partition(let desks): network.partition = desks
        case .reconnect: network.partition = 0
        case .upgrade(let number): try upgrade(desk(number))
        case .cutPower(let number, let call):
            desk(number).computer.cutPower(atCall: call, random: script.seed &+ UInt64(call))
        case .cutServerPower(let call):
            network.server?.computer.cutPower(atCall: call, random: script.seed &+ UInt64(call))
        case .fillDisk(let number): desk(number).computer.fill()
        case .fillServerDisk: network.server?.computer.fill()
        case .repairDisks: repairDisks()
        case .flipServerBit(let row, let bit): try flipServerBit(row: row, bit: bit)
        case .loseServerRow(let row): try loseServerRow(row)
        case .loseDeskRow(let number, let row): try loseRow(row, of: desk(number))
        default: throw Violation("simulator", "nobody knows the step \(action)")
        }
    }

    // MARK: Power and disks

    /// Starts again whatever has lost its power, on what its disk has kept.
    func restorePower() throws {
        if let server = network.server, server.computer.hasLostPower {
            trace.note("the server's power fails")
            server.computer.repair()
            network.dropConnections()
            try startServer(on: server.computer)
        }
        for desk in desks where desk.computer.hasLostPower {
            trace.note("the power of desk \(desk.number) fails")
            desk.computer.repair()
            try desk.restart(on: desk.computer, isNewer: desk.isNewer)
        }
    }

    func repairDisks() {
        for desk in desks where !desk.computer.hasLostPower { desk.computer.repair() }
        if let server = network.server, !server.computer.hasLostPower { server.computer.repair() }
    }

    // MARK: Workstations

    /// The process dies, and the next one finds what is on the disk.
    private func crash(_ desk: Workstation) throws {
        try desk.restart(on: desk.computer.copy(), isNewer: desk.isNewer)
        try checkOutbox(desk)
    }

    /// What was confirmed to whoever wrote it is either still in the outbox or held by the server.
    private func checkOutbox(_ desk: Workstation) throws {
        record.state.known.formUnion(try desk.strikeOffConfirmed())
        let pending = try desk.replica.status().pending
        guard pending == desk.memory.commits.count else {
            throw Violation(
                "I2", "desk \(desk.number) has \(pending) unsent commits, and should have \(desk.memory.commits.count)")
        }
    }

    private func upgrade(_ desk: Workstation) throws {
        guard !desk.isNewer else { return }
        try desk.restart(on: desk.computer.copy(), isNewer: true)
    }

    private func backUp(_ desk: Workstation) throws {
        record.state.known.formUnion(try desk.strikeOffConfirmed())
        backups.append(
            Backup(
                computer: desk.computer.copy(), isNewer: desk.isNewer, memory: desk.memory,
                desk: desk.number))
    }

    private func openCopy(_ number: Int) throws {
        guard !backups.isEmpty, desks.count < script.setup.desks + 6 else { return }
        happened.insert(.copies)
        let backup = backups[backups.count - 1 - number % backups.count]
        let desk = try addDesk(on: backup.computer.copy(), isNewer: backup.isNewer)
        desk.memory = backup.memory
        desk.mayHeal = mayHealAgain
        trace.note("desk \(desk.number) is a copy of desk \(backup.desk)")
    }

    private func restore(_ desk: Workstation) throws {
        guard let backup = backups.last(where: { $0.desk == desk.number }) else { return }
        happened.insert(.copies)
        record.state.known.formUnion(try desk.strikeOffConfirmed())
        try desk.restart(on: backup.computer.copy(), isNewer: backup.isNewer)
        desk.memory = backup.memory
        desk.mayHeal = mayHealAgain
    }

    // MARK: The server

    private func crashServer() throws {
        guard let server = network.server else { return }
        let computer = try server.computer.copy()
        network.dropConnections()
        try startServer(on: computer)
    }

    private func noteConfirmed() throws {
        for desk in desks where !desk.computer.hasLostPower {
            record.state.known.formUnion(try desk.strikeOffConfirmed())
        }
    }

    private func backUpServer() throws {
        guard let server = network.server else { return }
        try noteConfirmed()
        serverBackups.append(
            ServerBackup(computer: try server.computer.copy(), model: record.state))
    }

    private func restoreServer(_ number: Int) throws {
        guard !serverBackups.isEmpty else { return }
        happened.insert(.restores)
        // What this server confirmed is not what the next one knows.
        try noteConfirmed()
        let backup = serverBackups[serverBackups.count - 1 - number % serverBackups.count]
        network.dropConnections()
        record.state = backup.model
        for desk in desks { desk.mayHeal = Self.healingsOfACause }
        try startServer(on: backup.computer.copy())
    }
}
