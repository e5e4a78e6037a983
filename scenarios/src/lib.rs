//! One truth for all stores and languages: stories of shops, with the answer to every command and the hash of the state
//! that the shop ends in.
//!
//! The stories are the JSON files beside this source; `README.md` says what they look like. A test of a store plays
//! them all with [`check_all`]; this plays the first:
//!
//! ```
//! use ims_core::MemoryStore;
//!
//! let story = ims_scenarios::read_all()?.remove(0).expand()?;
//! let hash = futures_executor::block_on(ims_scenarios::play(MemoryStore::new(), &story))?;
//! assert_eq!(hash, story.state_hash);
//! # Ok::<(), ims_scenarios::Failure>(())
//! ```

mod codes;
mod failure;
mod file;
mod generate;
mod layout;
mod play;
mod print;

pub use codes::Codes;
pub use failure::Failure;
pub use file::{Played, Scenario, Step, Story, Told, all, folder, read_all};
pub use generate::Recipe;
pub use layout::lay_out;
pub use play::{play, record};
pub use print::{check_all, line};
