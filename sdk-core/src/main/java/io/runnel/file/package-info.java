/**
 * What the JDK's files do not do by themselves: a lock that also holds within a process, names that survive a power cut,
 * a failure that is not taken for absence.
 *
 * <p>For this module only. No format of any file is known here.
 */
package io.runnel.file;
