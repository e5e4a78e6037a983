extension ImsError {
    /// The code of the error: the same in every language.
    public var code: String {
        switch self {
        case .Rejected(let code, _, _), .InvalidInput(let code, _), .IdReused(let code, _, _),
            .Store(let code, _, _), .Contended(let code, _, _), .Stopped(let code, _), .Internal(let code, _):
            return code
        }
    }

    /// What the error says to a person.
    public var reason: String {
        switch self {
        case .Rejected(_, let reason, _), .InvalidInput(_, let reason), .IdReused(_, let reason, _),
            .Store(_, let reason, _), .Contended(_, let reason, _), .Stopped(_, let reason), .Internal(_, let reason):
            return reason
        }
    }
}
