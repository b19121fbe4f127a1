//! Clientele: the CRM of retail chains as one program. See ARCHITECTURE.md.

pub mod access;
pub mod app;
pub mod cli;
pub mod ctx;
pub mod db;
pub mod entities;
pub mod error;
pub mod export;
pub mod features;
pub mod http;
pub mod jobs;
pub mod key;
pub mod observe;
