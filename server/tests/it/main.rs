//! The stories: one binary, real SQLite and real PostgreSQL, the whole portal behind its router.

mod command_line;
mod documents;
mod evidence;
mod findings;
mod http;
mod measures;
mod overview;
mod releases;
mod reviews;
mod sessions;
mod shares;
mod tenancy;
mod world;
