package ims

/** The code of the error: the same in every language. */
val ImsException.code: String
    get() = when (this) {
        is ImsException.Rejected -> code
        is ImsException.InvalidInput -> code
        is ImsException.IdReused -> code
        is ImsException.Store -> code
        is ImsException.Contended -> code
        is ImsException.Stopped -> code
        is ImsException.Internal -> code
    }

/** What the error says to a person. */
val ImsException.reason: String
    get() = when (this) {
        is ImsException.Rejected -> reason
        is ImsException.InvalidInput -> reason
        is ImsException.IdReused -> reason
        is ImsException.Store -> reason
        is ImsException.Contended -> reason
        is ImsException.Stopped -> reason
        is ImsException.Internal -> reason
    }
