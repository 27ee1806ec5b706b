//! The process as a library, so that stories can start it: http, composition, configuration, demo.
#![recursion_limit = "512"]

pub mod compose;
pub mod config;
pub mod demo;
pub mod http;
