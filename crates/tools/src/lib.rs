//! Finds, fetches and runs other people's tools.
//!
//! Each tool is a row of `pins.toml`: an exact version and the sha256 of the one file that is
//! downloaded, through that source's ordinary client (pip, npm, cargo, rustup). Everything lands in
//! one cache folder; nothing is installed into the system, the user's toolchain or their Python.
//!
//! - [`Toolbox`] answers "where is uv?": named by `--tool`, in the cache, on `PATH` with exactly
//!   the row's version, else fetched.
//! - [`run`] runs a [`model::Invocation`] in a small fixed environment; no child outlives us.
//! - [`go_env`], [`cargo_env`], [`uv_env`], [`zig_env`] say which variables make a build
//!   repeatable.
//! - [`find_engine`] asks the machine's own container engine whether it is there.
//!
//! This room knows no format and no plan: which command to run is decided elsewhere, as data.

mod cache;
pub mod codes;
mod engine;
mod environment;
mod error;
mod event;
mod fetch;
mod host;
mod pins;
mod prerequisites;
mod run;
mod rust;
mod settings;
mod toolbox;
mod unpack;

pub use cache::{Cache, CachePaths, default_cache_root};
pub use engine::{Engine, find_engine};
pub use environment::{child_env, search_path};
pub use error::ToolError;
pub use event::Event;
pub use host::{find_on_path, host_platform};
pub use pins::{Origin, Pins, PinsError, Row, RustPin, Source, Tool, UnknownTool};
pub use prerequisites::{Prerequisite, Python, find_python, prerequisites};
pub use run::{Line, Output, RunError, RunOptions, Stream, run};
pub use rust::{RustToolchain, ToolchainChoice, choose_toolchain};
pub use settings::{cargo_env, cargo_target_env, go_env, uv_env, zig_env};
pub use toolbox::{ToolPath, Toolbox, ToolboxOptions, Whence};
