//! Compiles what describes the gRPC service, without `protoc`: the server answers reflection with it and reads by it.

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;

const FOLDER: &str = "proto";
const FILE: &str = "ims/v1/ims.proto";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FOLDER}/{FILE}");
    let mut compiler = protox::Compiler::new([FOLDER])?;
    let described =
        compiler.include_imports(true).include_source_info(false).open_file(FILE)?.encode_file_descriptor_set();
    let out = env::var_os("OUT_DIR").ok_or("cargo says no OUT_DIR")?;
    fs::write(Path::new(&out).join("ims.binpb"), described)?;
    Ok(())
}
