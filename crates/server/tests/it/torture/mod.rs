//! What must hold when the program is killed, squeezed, crowded and lied to. A
//! short form runs with the other tests; `make torture` runs the long one.

mod backups;
mod clocks;
mod crowds;
mod damage;
mod faults;
mod hostile;
mod kills;
mod outages;
mod program;
mod reading;
mod storage;
mod upgrades;
mod workers;
