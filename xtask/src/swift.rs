//! Checks the Swift side: in every run its C header and its symbols, in a long one by compiling and running it.
//!
//! The compiler is Debian 13's, in a folder of its own with that whole system: 3.3 GB and some minutes, once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xtask::machine;

use crate::ffi::{self, Library};
use crate::job::Job;
use crate::project;
use crate::steps::{Done, Steps};
use crate::test::Extent;
use crate::tools;

pub(crate) fn run_steps(steps: &mut Steps, library: &Library, extent: Extent) -> Result<(), String> {
    let generated = library.work.join("swift");
    steps.step("the Swift side of the library", extent.command(), |_| {
        ffi::make_anew(&generated)?;
        library.generate("swift", &generated).run().map(|()| Done::Ran)
    })?;
    let header = generated.join("ImsFFI.h");
    let user = generated.join("user.c");
    fs::write(&user, "#include \"ImsFFI.h\"\n").map_err(|error| format!("{}: {error}", user.display()))?;
    // What Clang knows of pointers, the C compiler need not.
    let words = ["-D_Nonnull=", "-D_Nullable=", "-Werror", "-fsyntax-only", &user.to_string_lossy()];
    steps.named_job("its header is C", Job::program(Path::new("cc"), &words))?;
    steps.step("what its header names is in the library", extent.command(), |_| check_symbols(&header, library))?;
    match extent {
        Extent::Short => steps.step("Swift itself", Extent::Long.command(), |_| {
            Ok(Done::Skipped(format!("compiled and run by `{}`", Extent::Long.command())))
        }),
        Extent::Long => compile_and_run(steps, library, &generated),
    }
}

fn check_symbols(header: &Path, library: &Library) -> Result<Done, String> {
    let text = fs::read_to_string(header).map_err(|error| format!("{}: {error}", header.display()))?;
    let named = functions(&text);
    let symbols = project::output(Command::new("nm").arg("-D").arg("--defined-only").arg(library.file()))?;
    let there: BTreeSet<&str> = symbols.lines().filter_map(|line| line.rsplit(' ').next()).collect();
    let absent: Vec<&str> = named.iter().copied().filter(|name| !there.contains(name)).collect();
    if named.is_empty() || !absent.is_empty() {
        return Err(format!("of {} functions the library lacks {}", named.len(), absent.join(", ")));
    }
    println!("all {} functions are there", named.len());
    Ok(Done::Ran)
}

/// The functions that a header declares: words of the library's own before a parenthesis.
fn functions(header: &str) -> BTreeSet<&str> {
    let words = header.split('(').filter_map(|before| before.rsplit([' ', '*', '\n']).next());
    words.filter(|word| word.starts_with("uniffi_ims") || word.starts_with("ffi_ims")).collect()
}

/// What the Swift compiler is installed in.
struct Debian {
    root: PathBuf,
}

const SUITE: &str = "trixie";
const PACKAGES: &str = "swiftlang,libc6-dev,libstdc++-14-dev,zlib1g-dev,ca-certificates";

/// Compiles the module in the language of Swift 5, which the generated code is in, and what uses it in that of Swift 6.
const SCRIPT: &str = r"set -e
cd /ims
swiftc -swift-version 5 -parse-as-library -emit-library -static -emit-module -module-name ImsKit \
    -Xcc -fmodule-map-file=generated/ImsFFI.modulemap -I generated -o libImsKit.a \
    generated/ImsKit.swift Sources/ImsKit/Values.swift Sources/ImsKit/Errors.swift Sources/ImsKit/Events.swift
build() {
    swiftc -swift-version 6 $3 -I . -Xcc -fmodule-map-file=generated/ImsFFI.modulemap -I generated -L . -lImsKit \
        -L library -lims_ffi -Xlinker -rpath -Xlinker /ims/library -o $1 $2
}
build checks Sources/Checks/Checks.swift -parse-as-library
build till Sources/Till/Till.swift -parse-as-library
build quick_start main.swift
./checks
./quick_start
rm -f till.db* till.basket kept
printf 'TEA 2\npay\nstock\nquit\n' | ./till sqlite:till.db till.basket | grep -q 'MAIN-1: 5'
printf 'TEA 3\n' | ./till sqlite:till.db till.basket
cp till.basket kept
printf 'sale 0190163d-8694-739b-aea5-966c26f8ad91 %s\n' $(date +%s) | cat - kept > till.basket
cp till.basket kept
printf 'quit\n' | ./till sqlite:till.db till.basket | grep -q 'MAIN-2: 7.5'
cp kept till.basket
printf 'TEA 1\npay\n' | ./till sqlite:till.db till.basket > said
grep -q 'MAIN-2: 7.5' said && grep -q 'MAIN-3: 2.5' said
";

fn compile_and_run(steps: &mut Steps, library: &Library, generated: &Path) -> Result<(), String> {
    let debian = Debian { root: library.downloads.join(format!("debian-{SUITE}-swift")) };
    steps.step("a Swift compiler", Extent::Long.command(), |_| debian.ensure())?;
    steps.step("the Swift side where its compiler is", Extent::Long.command(), |_| {
        debian.copy_sources(library, generated).map(|()| Done::Ran)
    })?;
    let root = debian.root.to_string_lossy();
    let words = ["--mount", "--pid", "--fork", "--root", &root, "--mount-proc", "sh", "-c", SCRIPT];
    steps.named_tests("Swift checks, quick start and till", Job::program(Path::new("unshare"), &words))
}

impl Debian {
    fn ensure(&self) -> Result<Done, String> {
        if self.root.exists() {
            println!("{} is there", self.root.display());
            return Ok(Done::Ran);
        }
        if !machine::is_root() {
            return Err("only root can install Debian 13 in a folder, which has the Swift compiler".to_owned());
        }
        tools::provide(ffi::need_program("debootstrap", "debootstrap").into_iter().collect())?;
        let half = self.root.with_extension("half");
        ffi::make_anew(&half)?;
        let include = format!("--include={PACKAGES}");
        let words = ["--variant=minbase", &include, SUITE, &half.to_string_lossy()];
        Job::program(Path::new("debootstrap"), &words).run()?;
        fs::rename(&half, &self.root).map_err(|error| format!("{}: {error}", self.root.display()))?;
        Ok(Done::Ran)
    }

    fn copy_sources(&self, library: &Library, generated: &Path) -> Result<(), String> {
        let work = self.root.join("ims");
        ffi::make_anew(&work)?;
        let copy = |from: &Path, to: PathBuf| {
            let arguments = ["-R", &from.to_string_lossy(), &to.to_string_lossy()];
            Job::program(Path::new("cp"), &arguments).run()
        };
        copy(generated, work.join("generated"))?;
        copy(&project::root().join("ims-ffi/swift/Sources"), work.join("Sources"))?;
        ffi::make_folder(&work.join("library"))?;
        copy(&library.file(), work.join("library"))?;
        let main = work.join("main.swift");
        fs::write(&main, ffi::quick_start("swift")?).map_err(|error| format!("{}: {error}", main.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_functions_of_a_header_are_found() {
        let header = "void*_Nonnull uniffi_ims_ffi_fn_clone_ims(uint64_t handle\n);\ntypedef int (*Other)(void);\n\
                      uint16_t uniffi_ims_ffi_checksum_method_ims_sell(void\n    \n);";
        let found: Vec<&str> = functions(header).into_iter().collect();
        assert_eq!(found, ["uniffi_ims_ffi_checksum_method_ims_sell", "uniffi_ims_ffi_fn_clone_ims"]);
    }
}
