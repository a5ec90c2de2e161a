"""The web server's own lines in the form of all others: Streamlit gives each of its loggers, and Uvicorn's, another."""

import logging

from streamlit import logger as streamlit_logs


def adopt() -> None:
    """Let Streamlit's loggers, present and to come, hand their lines on to where this process logs."""
    streamlit_logs.setup_formatter = _hand_on
    streamlit_logs.update_formatter()


def _hand_on(logger: logging.Logger) -> None:
    for each in logger.handlers[:]:
        logger.removeHandler(each)
    logger.propagate = True
