import Replica

/// What somebody does at a desk, and what the oracle is told of it.
extension Simulation {
    /// Runs one transaction of somebody's work; false if it could not be done, and nothing of it was kept.
    private func work(
        _ desk: Workstation, basedOn basis: EditBasis? = nil, _ body: (WriteTransaction) throws -> Void
    ) throws -> Bool {
        let before = try desk.replica.status().pending
        do {
            try desk.replica.write(basedOn: basis, body)
            return true
        } catch  where desk.computer.hasLostPower {
            // Nobody was told that it is saved. It may be: then it is a write like any other.
            try restorePower()
            return try desk.replica.status().pending > before
        } catch let error as ReplicaError {
            let understood: [ReplicaError.Code] = [
                .recordErased, .recordMissing, .parentMissing, .recordExists, .conflictChanged, .diskFull,
            ]
            guard try desk.replica.status().pending == before else {
                throw Violation("I2", "desk \(desk.number) kept what it said it could not: \(error)")
            }
            guard understood.contains(error.code) else { throw error }
            trace.note("desk \(desk.number) cannot: \(error.message)")
            return false
        }
    }

    private func state(_ desk: Workstation) throws -> DeskState {
        try DeskState(
            desk.replica, isNewer: desk.isNewer, records: script.setup.records,
            isDamaged: happened.contains(.damage))
    }

    private func past(_ state: DeskState, _ place: Oracle.Place) -> Set<Int> {
        oracle.past(of: state.values[place] ?? [], at: place)
    }

    func write(_ desk: Workstation, _ record: Int, _ fields: Int, _ padding: Int) throws {
        let before = try state(desk)
        let places = places(record, fields, desk)
        try writePlant(desk, record, places, padding, basedOn: nil) { self.past(before, $0) }
    }

    private func places(_ record: Int, _ fields: Int, _ desk: Workstation) -> [Oracle.Place] {
        var kinds: [Oracle.Place.Kind] = []
        if fields & 1 != 0 { kinds.append(.name) }
        if fields & 2 != 0 { kinds.append(.height) }
        if fields & 4 != 0, desk.isNewer { kinds.append(.soil) }
        if fields & 8 != 0 { kinds.append(.leafName) }
        return kinds.map { .init(record: record, kind: $0) }
    }

    private func writePlant(
        _ desk: Workstation, _ record: Int, _ places: [Oracle.Place], _ padding: Int, basedOn basis: EditBasis?,
        seen: (Oracle.Place) -> Set<Int>
    ) throws {
        guard !places.isEmpty else { return }
        let number = oracle.nextWrite()
        let kinds = Set(places.map(\.kind))
        let isDone = try work(desk, basedOn: basis) { tx in
            try Self.writePlant(tx, record, kinds, text: Notebook.marker(number, padding: padding), number, desk)
        }
        guard isDone else { return }
        if padding >= SimulatedServer.tooMuchBytes {
            oracle.refuse(number)
            happened.insert(.refusals)
        }
        for place in places {
            oracle.note(number, at: place, seen: seen(place))
        }
        desk.memory.commits.append(number)
        desk.memory.written.insert(number)
        trace.note("desk \(desk.number) wrote \(number)")
        try lookBeside(number, places, desk, seen)
    }

    /// A write replaces at its own desk what its writer had seen, and nothing else.
    private func lookBeside(
        _ write: Int, _ places: [Oracle.Place], _ desk: Workstation, _ seen: (Oracle.Place) -> Set<Int>
    ) throws {
        let state = try state(desk)
        // A value that was written again under its old number may stand for another write.
        for place in places where !oracle.blurred.contains(place) {
            let values = state.values[place] ?? []
            let left = values.intersection(seen(place)).subtracting([write])
            guard left.isEmpty, values.contains(write) else {
                throw Violation("I7", "write \(write) at \(place) did not replace \(left.sorted()) at its own desk")
            }
        }
    }

    private static func writePlant(
        _ tx: WriteTransaction, _ record: Int, _ kinds: Set<Oracle.Place.Kind>, text: String, _ number: Int,
        _ desk: Workstation
    ) throws {
        let collection = desk.isNewer ? Notebook.newerPlants : Notebook.plants
        let plant = Notebook.plant(record)
        let fill: (inout RowWriter) -> Void = { row in
            if kinds.contains(.name) { row[Notebook.name] = text }
            if kinds.contains(.height) { row[Notebook.height] = Int64(number) }
            if kinds.contains(.soil) { row[Notebook.soil] = text }
        }
        if kinds != [.leafName] {
            if try tx.snapshot.fetch(collection, plant) != nil {
                try tx.update(collection, plant, fill)
            } else {
                try tx.insert(collection, id: plant, fill)
            }
        }
        guard kinds.contains(.leafName) else { return }
        let leaf = Notebook.leaf(record)
        if try tx.snapshot.fetch(Notebook.leaves, leaf) != nil {
            try tx.update(Notebook.leaves, leaf) { $0[Notebook.leafName] = text }
        } else {
            try tx.insert(Notebook.leaves, id: leaf, parent: plant) { $0[Notebook.leafName] = text }
        }
    }

    func openForm(_ desk: Workstation, _ record: Int) throws {
        let state = try state(desk)
        let collection = desk.isNewer ? Notebook.newerPlants : Notebook.plants
        let basis = try desk.replica.read { try $0.basis(collection, Notebook.plant(record)) }
        var form = Workstation.Form(record: record, basis: basis, seen: [:])
        for place in places(record, 7, desk) { form.seen[place] = past(state, place) }
        desk.form = form
    }

    func saveForm(_ desk: Workstation, _ fields: Int) throws {
        guard let form = desk.form else { return }
        desk.form = nil
        try writePlant(desk, form.record, places(form.record, fields & 7, desk), 0, basedOn: form.basis) { place in
            form.seen[place] ?? []
        }
    }

    func addNote(_ desk: Workstation, _ record: Int) throws {
        let number = oracle.nextWrite()
        let id = desk.replica.makeID()
        let isDone = try work(desk) { tx in
            try tx.add(Notebook.remarks, id: id, parent: Notebook.plant(record)) {
                $0[Notebook.text] = Notebook.marker(number)
            }
        }
        guard isDone else { return }
        oracle.addNote(number, .init(plant: record, id: id))
        desk.memory.commits.append(number)
        desk.memory.written.insert(number)
        trace.note("desk \(desk.number) noted \(number)")
    }

    func writeTool(_ desk: Workstation, _ record: Int) throws {
        guard desk.isNewer else { return }
        let before = try state(desk)
        let place = Oracle.Place(record: record % 2, kind: .toolName)
        let number = oracle.nextWrite()
        let id = Notebook.tool(record % 2)
        let isDone = try work(desk) { tx in
            let fill: (inout RowWriter) -> Void = { $0[Notebook.toolName] = Notebook.marker(number) }
            if try tx.snapshot.fetch(Notebook.tools, id) != nil {
                try tx.update(Notebook.tools, id, fill)
            } else {
                try tx.insert(Notebook.tools, id: id, fill)
            }
        }
        guard isDone else { return }
        oracle.note(number, at: place, seen: past(before, place))
        desk.memory.commits.append(number)
        desk.memory.written.insert(number)
    }

    func erase(_ desk: Workstation, _ record: Int) throws {
        let number = oracle.nextWrite()
        let collection = desk.isNewer ? Notebook.newerPlants : Notebook.plants
        guard try work(desk, { try $0.erase(collection, Notebook.plant(record)) }) else { return }
        oracle.erase(number, plant: record)
        desk.memory.commits.append(number)
        desk.memory.written.insert(number)
        trace.note("desk \(desk.number) erased plant \(record) by \(number)")
    }

    /// Somebody decides a conflict: for the other value, or by writing a new one.
    func settleConflict(_ desk: Workstation, _ takeOther: Bool) throws {
        let state = try state(desk)
        guard let conflict = try desk.replica.read({ try $0.conflicts() }).first,
            let place = state.places.first(where: { self.isOf(conflict, $0) })
        else { return }
        guard takeOther else {
            if place.kind == .toolName { return try writeTool(desk, place.record) }
            let fields = [.name: 1, .height: 2, .soil: 4, .leafName: 8][place.kind] ?? 1
            return try write(desk, place.record, fields, 0)
        }
        let seen = past(state, place)
        let other: Int
        switch conflict.other {
        case .integer(let number): other = Int(number)
        case .text(let text): other = Notebook.write(of: text) ?? 0
        default: return
        }
        let number = oracle.nextWrite()
        guard try work(desk, { try $0.settle(conflict, takeOther: true) }) else { return }
        oracle.repeatWrite(other, at: place, seen: seen)
        desk.memory.commits.append(number)
        desk.memory.written.insert(number)
        trace.note("desk \(desk.number) took \(other) in a conflict")
    }

    private func isOf(_ conflict: Conflict, _ place: Oracle.Place) -> Bool {
        switch place.kind {
        case .name: conflict.record == Notebook.plant(place.record) && conflict.field.number == 1
        case .height: conflict.record == Notebook.plant(place.record) && conflict.field.number == 2
        case .soil: conflict.record == Notebook.plant(place.record) && conflict.field.number == 3
        case .leafName: conflict.record == Notebook.leaf(place.record)
        case .toolName: conflict.record == Notebook.tool(place.record)
        }
    }

    func takeNumbers(_ desk: Workstation, _ count: Int) throws {
        for _ in 0..<count {
            var taken: UInt64?
            guard try work(desk, { taken = try $0.takeLeasedNumber() }), let number = taken else { return }
            if let other = numbers[number], happened.isDisjoint(with: [.copies, .restores]) {
                throw Violation("I6", "number \(number) was given to desks \(other) and \(desk.number)")
            }
            numbers[number] = desk.number
        }
    }
}
