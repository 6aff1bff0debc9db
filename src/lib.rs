//! The map of the house: what lives where.
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod control;
pub mod crash;
pub mod domain;
pub mod kits;
pub mod manifest;
pub mod outbox;
pub mod schedule;
pub mod seal;
pub mod simulator;
pub mod slack;
pub mod start;
pub mod store;
pub mod telemetry;
