//! The map of the house: what lives where.
pub mod app;
pub mod clock;
pub mod domain;
pub mod kits;
pub mod outbox;
pub mod simulator;
pub mod slack;
pub mod store;
pub mod telemetry;
