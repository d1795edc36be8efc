//! Why the web app cannot be read or written.

use crate::io_error::IoError;

/// Why the web app cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The binary was compiled before `pkg/` was built.
    #[error("{}", tr::tr!("this binary does not carry the whole web app ({} is missing). Expected: pkg/ in the checkout when it was compiled. Fix: run tests/build-pkg.sh and compile again", _0))]
    NotCarried(String),
    /// A JSON file is not what it should be.
    #[error("{file}: {cause}")]
    Json {
        /// The file.
        file: &'static str,
        /// What is wrong.
        cause: serde_json::Error,
    },
    /// A JSON file has a format of another version.
    #[error("{}", tr::tr!("{}: format {}, expected {}", file, got, expected))]
    Format {
        /// The file.
        file: &'static str,
        /// The format that it names.
        got: u32,
        /// The format that is read here.
        expected: u32,
    },
    /// A file of `pkg/` is not the one that `pkg/app.json` names.
    #[error("{}", tr::tr!("pkg/{}: differs from its digest in pkg/app.json. Fix: run tests/build-pkg.sh and compile again", _0))]
    Changed(String),
    /// A template is not UTF-8.
    #[error("{}", tr::tr!("pkg/{}: not UTF-8", _0))]
    NotUtf8(String),
    /// A template cannot be filled.
    #[error("{}", tr::tr!("pkg/{}: {}", path, cause))]
    Template {
        /// The file.
        path: String,
        /// What is wrong.
        cause: minijinja::Error,
    },
    /// A file cannot be written.
    #[error(transparent)]
    Io(#[from] IoError),
}
