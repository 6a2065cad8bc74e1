-- A picture that proves nothing is marked so; databases of the ninth version lack the right to.

GRANT UPDATE (withdrawn_at) ON evidence TO promesa_app;
