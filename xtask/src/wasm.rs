//! Builds the npm package `ims-wasm`, and tests it in node and in Chromium.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xtask::machine;

use crate::job::Job;
use crate::project::{self, Metadata};
use crate::scenarios_folder;
use crate::steps::{Done, Steps};
use crate::tools;
