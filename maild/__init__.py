"""maild makes a published security policy run by itself over email.

The floor plan; imports go down only (the contracts in ``setup.cfg`` check it)::

    cli                 the operator's words; no SQL, no policy
    app                 the one place where the parts are put together
    engine              order of steps, when to wait, what to do about trouble
    store | gateways    the database | one protocol a module; neither knows the other
    config | log        the checked configuration | the operator's log
    core                PURE: values and decisions; time is an argument
    errors              the three shapes of trouble

``demo`` stands beside ``cli``: the main job played on embedded servers.
"""

__version__ = "0.1.0"
