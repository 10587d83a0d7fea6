"""The mock bank: does what it is asked, tells of it later, and makes statements. In its own process, with its own store."""
