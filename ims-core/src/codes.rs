//! Codes: one table for the code itself and for whoever has to know them all.

/// Makes `CODES`, the list of all codes, and `code()`, from one table in which no variant can be missing.
macro_rules! codes {
    (
        $(#[$list_doc:meta])*
        const CODES;
        $(#[$doc:meta])*
        fn code($($receiver:tt)*) for $this:ident;
        $($variant:pat => $code:literal,)*
    ) => {
        $(#[$list_doc])*
        pub const CODES: &'static [&'static str] = &[$($code),*];

        $(#[$doc])*
        pub fn code($($receiver)*) -> &'static str {
            match $this { $($variant => $code,)* }
        }
    };
}
