import {
  PasswordInput,
  TextInput,
  NativeSelect,
  type NativeSelectProps,
  type PasswordInputProps,
  type TextInputProps,
} from '@mantine/core';
import '@mantine/core/styles/Input.layer.css';
import '@mantine/core/styles/PasswordInput.layer.css';
import '@mantine/core/styles/ActionIcon.layer.css';
import type { Ref } from 'react';

/** A line of text with its label. */
export const TextField = (props: TextInputProps & { ref?: Ref<HTMLInputElement> }) => (
  <TextInput size="sm" {...props} />
);
/** A password that can be looked at. */
export const PasswordField = (props: PasswordInputProps) => <PasswordInput size="sm" {...props} />;
/** A choice of few; the platform's own list, so that it works on every phone and reader. */
export const SelectField = (props: NativeSelectProps) => <NativeSelect size="sm" {...props} />;
