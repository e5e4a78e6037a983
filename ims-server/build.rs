//! Compiles what describes the gRPC services, without `protoc`: the server answers reflection with it and reads by it.

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;

const FOLDER: &str = "proto";
const FILES: [&str; 2] = ["ims/v1/ims.proto", "ims/v1/accounts.proto"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut compiler = protox::Compiler::new([FOLDER])?;
    compiler.include_imports(true).include_source_info(false);
    for file in FILES {
        println!("cargo::rerun-if-changed={FOLDER}/{file}");
        compiler.open_file(file)?;
    }
    let described = compiler.encode_file_descriptor_set();
    let out = env::var_os("OUT_DIR").ok_or("cargo says no OUT_DIR")?;
    fs::write(Path::new(&out).join("ims.binpb"), described)?;
    Ok(())
}
