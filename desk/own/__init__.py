"""What somebody keeps beside a record for the own work: watching it, and coming back to it later."""
