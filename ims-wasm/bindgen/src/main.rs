//! Writes the JavaScript beside a WebAssembly module: `ims-wasm-bindgen MODULE FOLDER`.
//!
//! What it writes is one ES module for browsers, bundlers, workers and node.

use std::env;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

/// The name of what is written, whatever the module is called.
const NAME: &str = "ims_wasm";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [module, folder] = arguments.as_slice() else {
        eprintln!("Usage: ims-wasm-bindgen MODULE FOLDER");
        return ExitCode::from(2);
    };
    match write(module, folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(module: &str, folder: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).out_name(NAME).typescript(true).remove_name_section(true).remove_producers_section(true);
    bindgen.web(true).map_err(|error| format!("{error:#}"))?;
    bindgen.generate(folder).map_err(|error| format!("{error:#}"))
}
