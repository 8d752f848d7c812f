import Replica
import Support
import SyncClient
import Trust

extension Workstation {
    /// How far this computer has come into a line.
    public var enrolment: Enrolment { enrolling.state.withLock { $0.shown } }

    /// Whether this computer belongs to a line, and has not been taken out of it.
    public func isJoined() throws -> Bool { try replica.membership().map { !$0.isRemoved } ?? false }

    /// Reads an invitation; nobody is asked. Errors: `SyncError` with `notAnInvitation`.
    public func facts(ofInvitation text: String) throws -> InvitationFacts {
        let invitation = try SyncClient.invitation(text)
        return InvitationFacts(kind: invitation.kind, address: invitation.address)
    }

    /// Begins to come into a line, by an invitation of any kind, and goes on by itself: see ``enrolment``.
    ///
    /// What is in the way for a while, such as a network, is tried again until it works or ``endEnrolment()`` is called. The same
    /// invitation may be given again at any time, also after the program has ended: what was sent once stays the same.
    ///
    /// Errors: `SyncError` with `notAnInvitation`, or `unusable` for a name that is none; `ReplicaError` with `alreadyJoined`, or
    /// `removed` for a computer whose keys no line lets in again. Nothing has begun then.
    public func beginEnrolment(invitation text: String, name: String) throws {
        let invitation = try SyncClient.invitation(text)
        if try replica.membership()?.isRemoved == true {
            throw ReplicaError(
                .removed,
                "a lead has taken this workstation out of the line, and its keys are not let in again; nothing was changed: begin in another data folder"
            )
        }
        let access = try ServerAccess(folder: folder).pinned(to: invitation.pin)
        let client = makeClient(access)
        try client.checkMayJoin(text, name: name)
        let number = enrolling.state.withLock { state in
            state.task?.cancel()
            let number = state.number + 1
            state = Enrolling.State(
                shown: Enrolment(.asking), client: client, access: access, invitation: text, name: name, number: number)
            return number
        }
        goOn(number) { try await self.enrol(invitation.kind, number) }
    }

    /// Types a sheet's groups: the present one's where that is asked for (`oldSheet`), the new one's back from paper
    /// (`newSheet`).
    ///
    /// Errors: `mistypedSheet` with the group; `otherSheet` for one that is read well, and is not the one that is shown;
    /// `badForm` where no sheet is asked for. Nothing has been sent then.
    public func typeSheet(_ text: String) throws {
        let sheet = try RecoverySheet(checking: text)
        let state = enrolling.state.withLock { $0 }
        guard let client = state.client else { throw WorkstationError.noSheetAsked }
        switch (state.shown.stage, state.prepared) {
        case (.oldSheet, _):
            show(.asking, state.number)
            goOn(state.number, orBackTo: .oldSheet) {
                let recovery = try await client.prepareRecovery(
                    invitation: state.invitation, sheet: sheet, name: state.name)
                self.show(.recovery(recovery), state.number)
            }
        case (.newSheet, let prepared?):
            guard prepared.sheet.keys.id == sheet.keys.id else {
                throw WorkstationError(
                    .otherSheet, "this is another sheet than the one that was shown; nothing was sent: type that one")
            }
            show(.sending, state.number)
            goOn(state.number, orBackTo: state.shown.stage) {
                switch prepared {
                case .founding(let founding): try await client.found(founding)
                case .recovery(let recovery): try await client.recover(recovery)
                }
                try self.settle(state.number)
            }
        default: throw WorkstationError.noSheetAsked
        }
    }

    /// Gives it up. What the server knows of it stays, and the same invitation goes on with it.
    public func endEnrolment() {
        enrolling.state.withLock { state in
            state.task?.cancel()
            state = Enrolling.State(number: state.number + 1)
        }
    }

    // MARK: Going on

    private func enrol(_ kind: Invitation.Kind, _ number: Int) async throws {
        let state = enrolling.state.withLock { $0 }
        guard let client = state.client, state.number == number else { return }
        switch kind {
        case .join:
            try await client.join(invitation: state.invitation, name: state.name) { progress in
                switch progress {
                case .waitingForLead: show(.asking, number)
                case .digits(let digits): show(.digits(digits), number)
                case .admitted: break
                }
            }
        case .found:
            guard try await client.resumeFounding(invitation: state.invitation) != nil else {
                let founding = try client.prepareFounding(invitation: state.invitation, name: state.name)
                return show(.founding(founding), number)
            }
        case .recover:
            guard try await client.resumeRecovery(invitation: state.invitation) != nil else {
                return show(.oldSheet, number)
            }
        }
        try settle(number)
    }

    /// Does a step in the background, again and again while only the network is in the way.
    private func goOn(
        _ number: Int, orBackTo stage: Enrolment.Stage = .idle, _ step: @escaping @Sendable () async throws -> Void
    ) {
        let task = Task { [enrolling, retrySeconds] in
            while !Task.isCancelled {
                do {
                    return try await step()
                } catch is CancellationError {
                    return
                } catch let error as SyncError where error.isTransient {
                    let now = enrolling.state.withLock { $0.shown.stage }
                    enrolling.show(Enrolment(now, problem: error), of: number)
                    do { try await Task.sleep(for: .seconds(retrySeconds)) } catch { return }
                } catch {
                    return enrolling.show(Enrolment(stage, problem: error), of: number)
                }
            }
        }
        enrolling.state.withLock { state in
            if state.number == number { state.task = task } else { task.cancel() }
        }
    }

    private func show(_ stage: Enrolment.Stage, _ number: Int) { enrolling.show(Enrolment(stage), of: number) }

    private func show(_ prepared: Enrolling.Prepared, _ number: Int) {
        enrolling.show(
            Enrolment(.newSheet(groups: prepared.sheet.groups, line: prepared.line)), of: number
        ) { $0.prepared = prepared }
    }

    /// The line is joined: from now on the server is reached as the invitation says, and syncing begins.
    private func settle(_ number: Int) throws {
        let access = enrolling.state.withLock { $0.access }
        try access.keep(in: folder)
        reach(by: access)
        enrolling.show(Enrolment(.joined), of: number) { state in
            state.prepared = nil
            state.invitation = ""
            state.client = nil
        }
    }
}

extension WorkstationError {
    fileprivate static let noSheetAsked = WorkstationError(
        .badForm, "no recovery sheet is asked for now; nothing was changed")
}

extension RecoverySheet {
    /// Errors: `mistypedSheet`, with the group from 1 on where it is known.
    init(checking text: String) throws(WorkstationError) {
        do throws(Mistyped) {
            try self.init(typed: text)
        } catch {
            throw WorkstationError(
                .mistypedSheet, "a group of the sheet is mistyped; nothing was changed: look at it again",
                group: error.group)
        }
    }
}
