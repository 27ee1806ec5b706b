//! The stories: one binary, real SQLite and real PostgreSQL, the whole portal behind its router.

mod command_line;
mod documents;
mod evidence;
mod http;
mod measures;
mod releases;
mod sessions;
mod shares;
mod tenancy;
mod world;
