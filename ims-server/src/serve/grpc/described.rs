//! The services as `ims.proto` and `accounts.proto` say them.

use super::{Grpc, forms::Forms};
use crate::serve::Operation;
use prost_reflect::{DescriptorPool, MessageDescriptor};
use std::collections::HashMap;

/// What `build.rs` made of the files.
pub(super) const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/ims.binpb"));
/// The name of the service that is about the shop.
pub(super) const INVENTORY: &str = "ims.v1.Inventory";
/// The name of the service that lets people in.
pub(super) const ACCOUNTS: &str = "ims.v1.Accounts";
/// The names of all services.
pub(super) const SERVICES: [&str; 2] = [INVENTORY, ACCOUNTS];

/// The messages and methods.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) forms: Forms,
    /// By their paths, such as `/ims.v1.Inventory/PlaceOrder`.
    methods: HashMap<String, Method>,
    /// A refusal, as it is added to a status.
    pub(super) rejection: MessageDescriptor,
}

/// A method.
#[derive(Clone, Debug)]
pub(super) struct Method {
    pub(super) request: MessageDescriptor,
    pub(super) answer: MessageDescriptor,
    pub(super) work: Work,
}

/// What a method does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Work {
    /// What HTTP does too.
    Operation(&'static Operation),
    /// Tells of every event.
    Events,
}

impl Method {
    /// Bytes that its message may have.
    pub(super) fn message_limit_bytes(&self, config: &Grpc) -> usize {
        match self.work {
            Work::Operation(operation) => operation.access.body_limit_bytes(config.message_limit_bytes),
            Work::Events => config.message_limit_bytes,
        }
    }
}

impl Work {
    /// What it is called in the log and in the figures.
    pub(super) fn name(self) -> &'static str {
        match self {
            Work::Operation(operation) => operation.name,
            Work::Events => "event_stream",
        }
    }
}

impl Described {
    /// Reads what was compiled in.
    ///
    /// # Errors
    /// Where the parts of this program do not fit together.
    pub(super) fn read() -> Result<Described, String> {
        let pool = DescriptorPool::decode(DESCRIPTORS).map_err(|error| error.to_string())?;
        let mut methods = HashMap::new();
        for method in pool.services().flat_map(|service| service.methods().collect::<Vec<_>>()) {
            let work = match method.name() {
                "Events" => Work::Events,
                name => {
                    let operation = Operation::named(&snake(name));
                    Work::Operation(operation.ok_or_else(|| format!("there is no operation for {name}"))?)
                }
            };
            let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
            methods.insert(path, Method { request: method.input(), answer: method.output(), work });
        }
        let rejection = pool.get_message_by_name("ims.v1.Rejection").ok_or("there is no rejection")?;
        Ok(Described { forms: Forms::of(&pool)?, methods, rejection })
    }

    /// The method at a path.
    pub(super) fn at(&self, path: &str) -> Option<&Method> {
        self.methods.get(path)
    }

    #[cfg(test)]
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.methods.keys().filter_map(|path| Some(path.rsplit_once('/')?.1))
    }
}

/// Writes `PlaceOrder` as `place_order`.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len());
    for (place, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && place > 0 {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
