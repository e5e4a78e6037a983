//! The schemas of what is said and answered about accounts, as the document has them.

/// By name.
pub(crate) const SCHEMAS: &str = r##"{
  "Nothing": {
    "description": "It is done, and there is nothing to tell.",
    "type": "object",
    "properties": {}
  },
  "UserName": {
    "description": "The name of a user or an API key: in lower case, never given twice.",
    "type": "string",
    "pattern": "^[a-z0-9][a-z0-9.@+-]{0,63}$"
  },
  "Role": {
    "description": "What somebody is: `admin` runs the server and may do everything; `manager` runs the shop; `clerk` sells, takes in and counts, and sees no cost; `viewer` looks; `device` is a till or a scanner.",
    "type": "string",
    "enum": ["admin", "manager", "clerk", "viewer", "device"]
  },
  "UserStanding": {
    "description": "Whether somebody may come in.",
    "type": "string",
    "enum": ["active", "disabled"]
  },
  "Scope": {
    "description": "A right.",
    "type": "string",
    "enum": ["catalogue:read", "catalogue:write", "parties:read", "parties:write", "stock:read", "stock:write", "holds:write", "orders:read", "orders:write", "refunds:write", "purchases:read", "purchases:write", "alerts:read", "alerts:write", "reports:read", "costs:read", "events:read", "books:write", "admin", "account"]
  },
  "Account": {
    "description": "Who calls, and what they may do.",
    "type": "object",
    "properties": {
      "actor": {"type": "string", "description": "As the log of the shop names them: `user:anna`, `key:till-2`."},
      "role": {"$ref": "#/components/schemas/Role"},
      "rights": {"type": "array", "items": {"$ref": "#/components/schemas/Scope"}},
      "site": {"oneOf": [{"$ref": "#/components/schemas/LocationId"}, {"type": "null"}], "description": "The only site that they may work at."},
      "user": {"oneOf": [{"$ref": "#/components/schemas/User"}, {"type": "null"}], "description": "Who signed in; nobody where an API key calls."},
      "session": {"type": ["string", "null"], "format": "uuid"}
    },
    "required": ["actor", "role", "rights", "site", "user", "session"]
  },
  "User": {
    "description": "Somebody who signs in with a name and a password.",
    "type": "object",
    "properties": {
      "name": {"$ref": "#/components/schemas/UserName"},
      "email": {"type": ["string", "null"], "description": "Where they can be written to."},
      "role": {"$ref": "#/components/schemas/Role"},
      "standing": {"$ref": "#/components/schemas/UserStanding"},
      "site": {"oneOf": [{"$ref": "#/components/schemas/LocationId"}, {"type": "null"}], "description": "The only site that they may work at."},
      "made_at": {"$ref": "#/components/schemas/Timestamp"},
      "password_set_at": {"$ref": "#/components/schemas/Timestamp"}
    },
    "required": ["name", "email", "role", "standing", "site", "made_at", "password_set_at"]
  },
  "NewUser": {
    "description": "A user as an admin makes one.",
    "type": "object",
    "properties": {
      "name": {"$ref": "#/components/schemas/UserName"},
      "password": {"type": "string", "writeOnly": true, "maxLength": 256},
      "role": {"$ref": "#/components/schemas/Role"},
      "email": {"type": ["string", "null"], "maxLength": 254, "pattern": "^[^\\s@\\x00-\\x1f\\x7f]+@[^\\s\\x00-\\x1f\\x7f]+$"},
      "site": {"oneOf": [{"$ref": "#/components/schemas/LocationId"}, {"type": "null"}]}
    },
    "required": ["name", "password", "role"],
    "additionalProperties": false
  },
  "UserChange": {
    "description": "What is to be different about a user. What is not said stays.",
    "type": "object",
    "properties": {
      "role": {"$ref": "#/components/schemas/Role"},
      "standing": {"$ref": "#/components/schemas/UserStanding"},
      "email": {"type": ["string", "null"], "maxLength": 254, "pattern": "^[^\\s@\\x00-\\x1f\\x7f]+@[^\\s\\x00-\\x1f\\x7f]+$"},
      "site": {"oneOf": [{"$ref": "#/components/schemas/LocationId"}, {"type": "null"}], "description": "All sites, if it is null."}
    },
    "additionalProperties": false
  },
  "ResetPassword": {
    "description": "The password that a user gets.",
    "type": "object",
    "properties": {"password": {"type": "string", "writeOnly": true, "maxLength": 256}},
    "required": ["password"],
    "additionalProperties": false
  },
  "NewPassword": {
    "description": "Another password.",
    "type": "object",
    "properties": {
      "current": {"type": "string", "writeOnly": true},
      "new": {"type": "string", "writeOnly": true, "maxLength": 256}
    },
    "required": ["current", "new"],
    "additionalProperties": false
  },
  "FirstAdmin": {
    "description": "Who becomes the first admin.",
    "type": "object",
    "properties": {
      "token": {"type": "string", "writeOnly": true, "description": "What the server printed, or wrote into a file."},
      "name": {"$ref": "#/components/schemas/UserName"},
      "password": {"type": "string", "writeOnly": true, "maxLength": 256}
    },
    "required": ["token", "name", "password"],
    "additionalProperties": false
  },
  "Register": {
    "description": "An account that somebody makes for themselves.",
    "type": "object",
    "properties": {
      "name": {"$ref": "#/components/schemas/UserName"},
      "password": {"type": "string", "writeOnly": true, "maxLength": 256},
      "email": {"type": ["string", "null"], "maxLength": 254, "pattern": "^[^\\s@\\x00-\\x1f\\x7f]+@[^\\s\\x00-\\x1f\\x7f]+$"}
    },
    "required": ["name", "password"],
    "additionalProperties": false
  },
  "SignIn": {
    "description": "Who somebody is.",
    "type": "object",
    "properties": {
      "name": {"type": "string"},
      "password": {"type": "string", "writeOnly": true},
      "refresh_token": {"type": ["string", "null"], "writeOnly": true, "description": "A refresh token of yours that is still good, if you have one. It stays good, and tells you from strangers who guess at your password."}
    },
    "required": ["name", "password"],
    "additionalProperties": false
  },
  "Refresh": {
    "description": "A refresh token, which is good once.",
    "type": "object",
    "properties": {"refresh_token": {"type": "string", "writeOnly": true}},
    "required": ["refresh_token"],
    "additionalProperties": false
  },
  "Tokens": {
    "description": "What somebody gets who signed in, as OAuth 2 names it.",
    "type": "object",
    "properties": {
      "access_token": {"type": "string", "description": "What is sent as `Authorization: Bearer …`."},
      "token_type": {"type": "string", "const": "Bearer"},
      "expires_in": {"type": "integer", "minimum": 0, "description": "Seconds that the access token is good for."},
      "refresh_token": {"type": "string", "description": "Good once, for new tokens."}
    },
    "required": ["access_token", "token_type", "expires_in", "refresh_token"]
  },
  "Session": {
    "description": "A place where somebody is signed in.",
    "type": "object",
    "properties": {
      "id": {"type": "string", "format": "uuid"},
      "began_at": {"$ref": "#/components/schemas/Timestamp"},
      "used_at": {"$ref": "#/components/schemas/Timestamp"},
      "ends_at": {"$ref": "#/components/schemas/Timestamp"},
      "address": {"type": ["string", "null"], "description": "From where they signed in or refreshed their tokens last."},
      "agent": {"type": ["string", "null"], "description": "With what, as it calls itself."},
      "current": {"type": "boolean", "description": "Whether it is the one that asks."}
    },
    "required": ["id", "began_at", "used_at", "ends_at", "address", "agent", "current"]
  },
  "Invite": {
    "description": "What somebody is invited to be.",
    "type": "object",
    "properties": {
      "role": {"$ref": "#/components/schemas/Role"},
      "site": {"oneOf": [{"$ref": "#/components/schemas/LocationId"}, {"type": "null"}]},
      "email": {"type": ["string", "null"], "maxLength": 254, "pattern": "^[^\\s@\\x00-\\x1f\\x7f]+@[^\\s\\x00-\\x1f\\x7f]+$"}
    },
    "required": ["role"],
    "additionalProperties": false
  },
  "Invitation": {
    "description": "An invitation that nobody has accepted yet.",
    "type": "object",
    "properties": {
      "id": {"type": "string", "format": "uuid"},
      "role": {"$ref": "#/components/schemas/Role"},
      "site": {"oneOf": [{"$ref": "#/components/schemas/LocationId"}, {"type": "null"}]},
      "email": {"type": ["string", "null"]},
      "by": {"$ref": "#/components/schemas/UserName"},
      "expires_at": {"$ref": "#/components/schemas/Timestamp"},
      "token": {"type": "string", "description": "What the invited send back: shown once, when the invitation is made."}
    },
    "required": ["id", "role", "site", "email", "by", "expires_at"]
  },
  "AcceptInvitation": {
    "description": "Who accepts an invitation.",
    "type": "object",
    "properties": {
      "token": {"type": "string", "writeOnly": true},
      "name": {"$ref": "#/components/schemas/UserName"},
      "password": {"type": "string", "writeOnly": true, "maxLength": 256}
    },
    "required": ["token", "name", "password"],
    "additionalProperties": false
  },
  "MakeKey": {
    "description": "What an API key is to be.",
    "type": "object",
    "properties": {
      "name": {"$ref": "#/components/schemas/UserName"},
      "scopes": {"type": "array", "items": {"$ref": "#/components/schemas/Scope"}, "description": "Rights that its maker has."},
      "site": {"oneOf": [{"$ref": "#/components/schemas/LocationId"}, {"type": "null"}], "description": "The only site that it may work at: a till's own."},
      "expires_at": {"oneOf": [{"$ref": "#/components/schemas/Timestamp"}, {"type": "null"}]}
    },
    "required": ["name", "scopes"],
    "additionalProperties": false
  },
  "ApiKey": {
    "description": "An API key, without its secret.",
    "type": "object",
    "properties": {
      "name": {"$ref": "#/components/schemas/UserName"},
      "owner": {"$ref": "#/components/schemas/UserName"},
      "scopes": {"type": "array", "items": {"$ref": "#/components/schemas/Scope"}},
      "site": {"oneOf": [{"$ref": "#/components/schemas/LocationId"}, {"type": "null"}]},
      "made_at": {"$ref": "#/components/schemas/Timestamp"},
      "expires_at": {"oneOf": [{"$ref": "#/components/schemas/Timestamp"}, {"type": "null"}]},
      "revoked_at": {"oneOf": [{"$ref": "#/components/schemas/Timestamp"}, {"type": "null"}]},
      "used_at": {"oneOf": [{"$ref": "#/components/schemas/Timestamp"}, {"type": "null"}], "description": "When it was last used, to the hour."}
    },
    "required": ["name", "owner", "scopes", "site", "made_at", "expires_at", "revoked_at", "used_at"]
  },
  "NewApiKey": {
    "description": "An API key that was just made.",
    "type": "object",
    "properties": {
      "name": {"$ref": "#/components/schemas/UserName"},
      "owner": {"$ref": "#/components/schemas/UserName"},
      "scopes": {"type": "array", "items": {"$ref": "#/components/schemas/Scope"}},
      "site": {"oneOf": [{"$ref": "#/components/schemas/LocationId"}, {"type": "null"}]},
      "made_at": {"$ref": "#/components/schemas/Timestamp"},
      "expires_at": {"oneOf": [{"$ref": "#/components/schemas/Timestamp"}, {"type": "null"}]},
      "revoked_at": {"oneOf": [{"$ref": "#/components/schemas/Timestamp"}, {"type": "null"}]},
      "used_at": {"oneOf": [{"$ref": "#/components/schemas/Timestamp"}, {"type": "null"}]},
      "key": {"type": "string", "description": "What its user sends as `Authorization: Bearer …` or `X-Api-Key`. It is shown this once."}
    },
    "required": ["name", "owner", "scopes", "site", "made_at", "expires_at", "revoked_at", "used_at", "key"]
  },
  "RateLimits": {
    "description": "How often somebody may ask.",
    "type": "object",
    "properties": {
      "policies": {"type": "array", "items": {"$ref": "#/components/schemas/RateLimit"}}
    },
    "required": ["policies"]
  },
  "RateLimit": {
    "description": "A policy, and who asks most under it.",
    "type": "object",
    "properties": {
      "policy": {"type": "string"},
      "requests": {"type": "integer", "minimum": 0, "description": "Requests that may come at once; of passwords, how many may be wrong."},
      "window_ms": {"type": "integer", "minimum": 0, "description": "After which all of them are there again."},
      "counted": {"type": "integer", "minimum": 0, "description": "How many are counted at this moment."},
      "busiest": {
        "type": "array",
        "items": {
          "type": "object",
          "properties": {
            "key": {"type": "string", "description": "The address, name or caller."},
            "asked": {"type": "integer", "minimum": 0},
            "refused": {"type": "integer", "minimum": 0}
          },
          "required": ["key", "asked", "refused"]
        }
      }
    },
    "required": ["policy", "requests", "window_ms", "counted", "busiest"]
  }
}"##;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::serve::{Right, right::Role};
    use serde_json::{Value, json};

    #[test]
    fn every_role_and_every_right_is_described() {
        let schemas: Value = serde_json::from_str(SCHEMAS).unwrap();
        assert_eq!(schemas["Role"]["enum"], json!(Role::ALL));
        assert_eq!(schemas["Scope"]["enum"], json!(Right::ALL));
    }
}
